// What a page says when its own script cannot run: in a browser too old for it, or when it did not arrive. Written in the JavaScript of 2009, which all of them know.
// The page's script sets data-ready when it has begun; from then on this one is silent.

(function () {
  var RELOAD_AFTER = 10000;
  var PATIENCE = 20000;
  var OLD = 'It cannot run this page. Use a current Chrome, Edge, Firefox or Safari.';
  var root = document.documentElement;
  var said = null;
  var reload = 0;

  function isReady() {
    return Boolean(root.getAttribute('data-ready'));
  }

  function put(id, text) {
    var element = document.getElementById(id);
    if (element) element.textContent = text;
    return element;
  }

  function show() {
    if (!said || isReady()) return;
    root.setAttribute('data-state', 'error');
    put('headline', said[0]);
    put('explanation', said[1]);
    if (!put('badge-text', said[0])) put('badge', said[0]);
    document.title = said[0];
  }

  function say(headline, explanation) {
    if (isReady()) return;
    said = [headline, explanation];
    show();
  }

  function onError(event) {
    if (isReady()) return;
    var target = event.target || event.srcElement;
    if (target && target.tagName === 'SCRIPT') {
      say('The page did not load', 'Its script did not arrive from the host. Trying again in 10 seconds.');
      if (!reload) reload = setTimeout(function () { if (!isReady()) location.reload(); }, RELOAD_AFTER);
    } else if (event.message) {
      // What an old browser does not understand of a script is an error of its syntax.
      if (/SyntaxError|unexpected|token|syntax/i.test(event.message)) say('This browser is too old', OLD);
      else say('The page does not work here', 'Its script ended with an error: ' + event.message);
    }
  }

  if (!('noModule' in document.createElement('script'))) {
    say('This browser is too old', OLD);
  } else {
    window.addEventListener('error', onError, true);
    setTimeout(function () {
      if (!isReady() && !said) say('The page did not load', 'Its script has not arrived from the host yet. If it stays so, load the page again.');
    }, PATIENCE);
  }
  document.addEventListener('DOMContentLoaded', show, false);
})();
