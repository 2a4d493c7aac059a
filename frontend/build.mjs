// Bundles src/ into ../static/vendor/; with --check it only compares, and fails where the committed files differ.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const vendor = join(here, "../static/vendor");
const isCheck = process.argv.includes("--check");

async function bundle(folder) {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: [
      "src/codemirror.js",
      "src/dompurify.js",
      "src/uplot.js",
      { in: "uplot/dist/uPlot.min.css", out: "uplot" },
    ],
    outdir: folder,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    charset: "utf8",
    legalComments: "none", // LICENSES.txt has them whole
    metafile: true,
    logLevel: "warning",
  });
  await writeFile(join(folder, "LICENSES.txt"), await licences(Object.keys(metafile.inputs)));
}

async function licences(inputs) {
  const names = new Set(inputs.map((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean));
  const texts = await Promise.all([...names].sort().map(licence));
  return `The files of this folder are built by frontend/build.mjs from these packages.\n\n${texts.join("\n")}`;
}

async function licence(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} brings no licence: add it here by hand, or leave the package out.`);
  return `=== ${name} ${version} (${license}) ===\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`;
}

async function compare(folder) {
  const [built, committed] = await Promise.all([readdir(folder), readdir(vendor)]);
  const names = new Set([...built, ...committed]);
  const texts = (place) => Promise.all([...names].map((name) => readFile(join(place, name), "utf8").catch(() => null)));
  const [ours, theirs] = await Promise.all([texts(folder), texts(vendor)]);
  const different = [...names].filter((_, index) => ours[index] !== theirs[index]);
  if (different.length) {
    console.error(
      `static/vendor/ is not what frontend/ gives: ${different.join(", ")}. Run \`make ` +
        "frontend` and commit the result.",
    );
    process.exitCode = 1;
  } else {
    console.log(`static/vendor/ is what frontend/ gives (${names.size} files).`);
  }
}

if (isCheck) {
  const folder = await mkdtemp(join(tmpdir(), "learnpaths-frontend-"));
  await bundle(folder)
    .then(() => compare(folder))
    .finally(() => rm(folder, { recursive: true }));
} else {
  await mkdir(vendor, { recursive: true });
  await bundle(vendor);
}
