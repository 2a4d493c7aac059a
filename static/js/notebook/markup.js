// A stranger's markup without what could run, ask, cover or pass for something of ours. It is shown in a frame that
// runs no script; this is the other wall.
import purifier from "../../vendor/dompurify.js";

const RULES = {
  USE_PROFILES: { html: true }, // neither SVG nor MathML: a drawing comes as an image
  FORBID_TAGS: [
    ...["style", "template", "dialog", "audio", "video", "source", "track"],
    ...[
      "form",
      "fieldset",
      "legend",
      "label",
      "input",
      "button",
      "select",
      "option",
      "optgroup",
      "datalist",
      "textarea",
    ],
  ],
  FORBID_ATTR: ["style", "id", "name", "for", "tabindex", "autofocus", "popover"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};
// Whatever parses inline styles, handlers or a base, DOMPurify's inert document too, makes the browser report
// violations of the page's policy. Taking them out as text beforehand keeps the console quiet; what is safe does not
// depend on it.
const REPORTED_TAG = /<style\b[\s\S]*?<\/style\s*>|<\/?(?:style|base|link|meta)\b[^>]*>/gi;
const REPORTED_ATTRIBUTE = /\s(?:style|on\w+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+)/gi;
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi;

export function purify(markup) {
  const quiet = markup.replace(REPORTED_TAG, "").replace(TAG, (tag) => tag.replace(REPORTED_ATTRIBUTE, ""));
  return purifier.sanitize(quiet, RULES);
}
