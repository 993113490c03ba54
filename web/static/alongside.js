// Every page works without this file. It only makes some of them quicker to use.
// The address comes from the page, because it changes with each version of the library.
const library = document.querySelector("link[rel=modulepreload]").href;

document.body.classList.add("js-enabled", "govuk-frontend-supported");
// Browsers that know autofocus only on form fields need help to find the error summary.
requestAnimationFrame(() => {
  if (document.activeElement === document.body) document.querySelector("[autofocus]")?.focus();
});
import(library).then(({ initAll }) => initAll());
