// Why there is no picture to send, and what to do about it.

/** What is wrong with this page or browser, whatever the camera; null if nothing is. */
export function cannotCapture() {
  if (!isSecureContext) {
    return {
      headline: 'HTTPS is needed',
      words: 'Browsers give cameras only to pages that were opened by https://, or by localhost on the computer itself.',
      canRetry: false,
      https: location.href.replace(/^http:/, 'https:'),
    };
  }
  if (!navigator.mediaDevices?.getUserMedia || typeof RTCPeerConnection === 'undefined') {
    return { headline: 'Not in this browser', words: 'It cannot send live video: WebRTC is missing or switched off. A current Chrome, Edge, Firefox or Safari can.', canRetry: false };
  }
  return null;
}

/** What getUserMedia() or getDisplayMedia() failed with. */
export function refused(error, isScreen) {
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      if (isScreen) return { headline: 'No screen was chosen', words: 'Choose again, and this time say which screen or window everybody may see.', canRetry: true };
      return { headline: 'The camera is not allowed', words: isSystemRefusal(error) ? systemSettings() : browserSettings(), canRetry: true, isRefusal: true };
    case 'InvalidStateError':
      return { headline: 'Choose what to share', words: 'The browser wants a click before it shows its list of screens and windows.', canRetry: true };
    case 'NotFoundError':
    case 'OverconstrainedError':
      if (isScreen) return { headline: 'The screen cannot be shared', words: screenSettings(), canRetry: true };
      return { headline: 'No camera', words: 'The browser finds no camera on this device. Plug one in, or share the screen.', canRetry: true };
    case 'NotReadableError':
    case 'AbortError':
      if (isScreen) return { headline: 'The screen cannot be shared', words: screenSettings(), canRetry: true };
      return { headline: 'The camera is busy', words: 'Another program is using it. Close that one, or choose another camera.', canRetry: true };
    default:
      return { headline: isScreen ? 'The screen cannot be shared' : 'The camera cannot be opened', words: error.message || error.name, canRetry: true };
  }
}

const isSystemRefusal = error => /system/i.test(error.message);

function systemSettings() {
  const agent = navigator.userAgent;
  if (/Mac/.test(agent)) return 'macOS does not let this browser use the camera: System Settings, Privacy & Security, Camera. Then start the browser again.';
  if (/Windows/.test(agent)) return 'Windows does not let this browser use the camera: Settings, Privacy & security, Camera.';
  if (/Android/.test(agent)) return 'Android does not let this browser use the camera: Settings, Apps, the browser, Permissions, Camera.';
  return 'The system does not let this browser use the camera. Allow it in its privacy settings.';
}

function screenSettings() {
  return /Mac/.test(navigator.userAgent)
    ? 'macOS may not let this browser record the screen: System Settings, Privacy & Security, Screen & System Audio Recording. Then start the browser again.'
    : 'The system did not give this browser its picture. Choose another screen or window, or share the camera.';
}

function browserSettings() {
  const agent = navigator.userAgent;
  const isTouch = navigator.maxTouchPoints > 1;
  if (/iPhone|iPad/.test(agent) || (/Macintosh/.test(agent) && isTouch)) {
    return 'In Safari, tap the sign in the address bar, then the three dots or “Website Settings”, then Camera: Allow. Then try again.';
  }
  if (/Firefox/.test(agent)) return 'In Firefox, click the crossed-out camera beside the address and remove “Blocked”. Then try again and choose Allow.';
  if (/Android/.test(agent)) return 'Tap the sign left of the address, then Permissions, then Camera: Allow. Then try again.';
  if (/Chrome|Edg/.test(agent)) return 'Click the sign left of the address and switch Camera on, or click the crossed-out camera at its right end. Then try again.';
  if (/Safari/.test(agent)) return 'In Safari’s menu choose “Settings for this website” and set Camera to Allow. Then try again.';
  return 'Allow the camera for this page in the browser’s settings. Then try again.';
}
