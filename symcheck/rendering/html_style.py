"""Style and script of a page.  The style knows light, dark, narrow and paper; nothing needs the script.

No ``<`` and no ``&`` stand in either, so that a page is well-formed XML as well.
"""

from __future__ import annotations

_CARDS = """
.symcheck WHICH thead { display: none; }
.symcheck WHICH table, .symcheck WHICH tbody { display: block; min-width: 0; }
.symcheck WHICH tr { display: block; border-bottom: 2px solid var(--line); padding: .4rem 0; }
.symcheck WHICH td {
  display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .5rem; border: 0; padding: .15rem 0;
}
.symcheck WHICH td:empty { display: none; }
.symcheck WHICH td::before { content: attr(data-label); color: var(--soft); font-size: .85rem; }
"""
"""A table whose rows are cards, each cell with its header before it."""

STYLE = """
.symcheck {
  color-scheme: light dark;
  --ink: #1c2024; --soft: #5b6470; --paper: #ffffff; --raised: #f5f6f8; --line: #d9dde3;
  --link: #0b57b0; --good: #1a6b3a; --bad: #b3261e; --open: #8a5300; --lit: #fff1b8;
  color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  max-width: 66rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; box-sizing: border-box;
  overflow-wrap: anywhere;
}
@media (prefers-color-scheme: dark) {
  .symcheck {
    --ink: #e4e7eb; --soft: #a0a9b4; --paper: #15181c; --raised: #1e2329; --line: #363d46;
    --link: #8ab8ff; --good: #6fd296; --bad: #ff8f85; --open: #f0b45a; --lit: #4a3f14;
  }
}
html:has(.symcheck-page) { background: #ffffff; }
@media (prefers-color-scheme: dark) { html:has(.symcheck-page) { background: #15181c; } }
body.symcheck-page { margin: 0; }
.symcheck h1 { font-size: 1.6rem; line-height: 1.25; margin: .25rem 0; }
.symcheck h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; scroll-margin-top: 1rem; }
.symcheck a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px; }
.symcheck svg a { color: inherit; text-decoration: none; }
.symcheck code { font: .9em ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
.symcheck .soft, .symcheck .origin { color: var(--soft); }
.symcheck nav { margin: .75rem 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.symcheck math {
  font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", math; font-size: 1.08em;
}
.symcheck math .bold { font-weight: bold; }
.symcheck math .wrong { background: var(--lit); outline: 2px dashed var(--bad); outline-offset: 1px; }
.symcheck math[display="block"] { margin: 0; text-align: left; width: max-content; }
.symcheck mtable.rows mtd { text-align: left; padding: .15em .6em .15em 0; }
.symcheck .formula { overflow-x: auto; overflow-y: hidden; padding: .2rem .1rem; max-width: 100%; }
.symcheck .number { font-variant-numeric: tabular-nums; }
.symcheck dl.facts {
  display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; margin: .75rem 0;
}
.symcheck dl.facts dt { color: var(--soft); }
.symcheck dl.facts dd { margin: 0; min-width: 0; }
.symcheck .table { overflow-x: auto; }
.symcheck table { border-collapse: collapse; min-width: 50%; }
.symcheck th, .symcheck td {
  text-align: left; vertical-align: baseline; padding: .4rem .9rem .4rem 0; min-width: 0;
}
.symcheck thead th { overflow-wrap: normal; }
.symcheck thead th {
  border-bottom: 2px solid var(--line); color: var(--soft); font-weight: 600; font-size: .85rem;
}
.symcheck tbody td { border-bottom: 1px solid var(--line); }
.symcheck tbody tr.lit td, .symcheck tr:target td, .symcheck .line:target { background: var(--lit); }
.symcheck .note { margin: 1.25rem 0 .5rem; max-width: 46rem; }
.symcheck .chain { margin: .6rem 0; border-left: 3px solid var(--line); }
.symcheck .line {
  display: grid; grid-template-columns: 2.6rem minmax(0, 1fr) 19rem; gap: .1rem .75rem;
  align-items: baseline; padding: .3rem 0 .3rem .25rem; scroll-margin-top: 1rem; position: relative;
}
.symcheck .line > .no { color: var(--soft); text-decoration: none; font-size: .85rem; text-align: right; }
.symcheck .line > .no:hover { text-decoration: underline; }
.symcheck .line > .told { font-size: .9rem; }
.symcheck .line > details { grid-column: 2 / -1; margin: .25rem 0 .5rem; }
.symcheck .verdict { font-weight: 600; white-space: nowrap; }
.symcheck .sign { display: inline-block; min-width: 1.2em; }
.symcheck .proved { color: var(--good); }
.symcheck .refuted, .symcheck .error { color: var(--bad); }
.symcheck .undecided { color: var(--open); }
.symcheck .unexpected { text-decoration: underline; text-decoration-style: double; }
.symcheck .rule { color: var(--soft); font-style: italic; }
.symcheck details { background: var(--raised); border-radius: 6px; padding: .4rem .75rem; }
.symcheck details > summary { cursor: pointer; }
.symcheck details dl {
  display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .25rem .75rem; margin: .4rem 0 .2rem;
}
.symcheck details dt { color: var(--soft); }
.symcheck details dd { margin: 0; min-width: 0; }
.symcheck .summary { font-weight: 600; margin: 1rem 0; }
.symcheck .legend { font-size: .9rem; }
.symcheck figure.graph { margin: .5rem 0; overflow-x: auto; }
.symcheck figure.graph .lit { filter: drop-shadow(0 0 3px var(--link)); }
.symcheck .copy {
  font: 600 .7rem/1 system-ui, sans-serif; color: var(--soft); background: var(--raised);
  border: 1px solid var(--line); border-radius: 4px; padding: .2rem .35rem; cursor: pointer; opacity: 0;
  position: absolute; right: .2rem; top: .2rem;
}
.symcheck .holder { position: relative; min-width: 0; }
.symcheck span.holder { display: inline-block; max-width: 100%; vertical-align: middle; }
.symcheck span.formula { display: block; }
.symcheck .holder:hover > .copy, .symcheck .copy:focus-visible { opacity: 1; }
.symcheck article + article { border-top: 3px double var(--line); margin-top: 3rem; padding-top: 1rem; }
@media (max-width: 46rem) {
  .symcheck { padding: .75rem .75rem 2rem; }
  .symcheck .line { grid-template-columns: 1.9rem minmax(0, 1fr); }
  .symcheck .line > .told { grid-column: 2; }
  .symcheck .line > details { grid-column: 1 / -1; }
  .symcheck mphantom { display: none; }
  .symcheck dl.facts, .symcheck details dl { grid-template-columns: minmax(0, 1fr); gap: 0 .5rem; }
  .symcheck dl.facts dd, .symcheck details dd { margin-bottom: .5rem; }
  /*CARDS*/
}
@media print {
  .symcheck {
    --ink: #000; --soft: #333; --paper: #fff; --raised: #fff; --line: #999; --link: #000; --lit: #fff;
    --good: #000; --bad: #000; --open: #000; font-size: 10pt; max-width: none; padding: 0;
  }
  .symcheck nav, .symcheck .copy { display: none; }
  .symcheck .line, .symcheck tr, .symcheck figure { break-inside: avoid; }
  .symcheck h2 { break-after: avoid; }
  .symcheck a { text-decoration: none; }
  .symcheck details { border: 1px solid var(--line); }
  .symcheck details::details-content { content-visibility: visible; block-size: auto; }
  .symcheck .formula { overflow: visible; }
  .symcheck figure.graph svg { min-width: 0 !important; }
}
"""
STYLE = STYLE.replace("/*CARDS*/", _CARDS.replace("WHICH", ".table.wide"))
STYLE += _CARDS.replace("WHICH", ".table.cards")

SCRIPT = """
(function () {
  'use strict';
  function all(what) { return Array.prototype.slice.call(document.querySelectorAll(what)); }
  function copy(text) {
    if (navigator.clipboard) { return navigator.clipboard.writeText(text); }
    var field = document.createElement('textarea');
    field.value = text;
    document.body.appendChild(field);
    field.select();
    document.execCommand('copy');
    field.remove();
    return Promise.resolve();
  }
  all('.symcheck .formula').forEach(function (box) {
    var latex = box.querySelector('annotation');
    if (!latex) { return; }
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'LaTeX';
    button.title = 'Copy as LaTeX';
    button.setAttribute('aria-label', 'Copy this formula as LaTeX');
    button.addEventListener('click', function () {
      copy(latex.textContent).then(function () {
        button.textContent = 'copied';
        setTimeout(function () { button.textContent = 'LaTeX'; }, 1200);
      }, function () { button.textContent = 'not copied'; });
    });
    box.parentNode.appendChild(button);
  });
  function partner(id) {
    if (/(^|:)node-/.test(id)) { return id.replace(/(^|:)node-/, '$1row-'); }
    return id.replace(/(^|:)row-/, '$1node-');
  }
  all('.symcheck [id*="node-"], .symcheck [id*="row-"]').forEach(function (one) {
    var other = document.getElementById(partner(one.id));
    if (!other || other === one) { return; }
    ['mouseenter', 'mouseleave'].forEach(function (event) {
      one.addEventListener(event, function () {
        [one, other].forEach(function (each) { each.classList.toggle('lit', event === 'mouseenter'); });
      });
    });
  });
  window.addEventListener('beforeprint', function () {
    all('.symcheck details').forEach(function (each) { each.open = true; });
  });
  function unfold() {
    var aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var inner = aim ? aim.querySelector('details') : null;
    if (inner) { inner.open = true; }
  }
  window.addEventListener('hashchange', unfold);
  unfold();
})();
"""
