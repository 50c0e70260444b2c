// Bundle the desk's script, style, fonts and icons into src/tapal/web/static/build/.
// Names of scripts, styles and the sprite stay fixed: the page asks for them by content hash.
// A .gz lies beside each text file, for a server that does not run collectstatic.
import { build } from "esbuild";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const code = join(root, "src/tapal");
const assets = join(code, "web/assets");
const out = join(root, "src/tapal/web/static/build");
const icons = join(root, "node_modules/@tabler/icons/icons/outline");

async function* files(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

// A page's {% icon "name" %} and a kind's icon="name" are found where they stand, so that a new
// kind needs no line here; icons.txt lists the names that are put together otherwise.
async function iconNames() {
  const listed = (await readFile(join(assets, "icons.txt"), "utf8")).split("\n");
  const names = new Set(listed.map((line) => line.trim()).filter((line) => /^[a-z]/.test(line)));
  for await (const path of files(code)) {
    if (!/\.(py|html)$/.test(path)) continue;
    const text = await readFile(path, "utf8");
    for (const match of text.matchAll(/\bicon(?:\s*=\s*|\s+)["']([a-z0-9-]+)["']/g)) {
      names.add(match[1]);
    }
  }
  return [...names].sort();
}

async function sprite() {
  const symbols = await Promise.all(
    (await iconNames()).map(async (name) => {
      const svg = await readFile(join(icons, `${name}.svg`), "utf8").catch(() => {
        throw new Error(`Tabler has no outline icon named ${name}`);
      });
      const body = svg
        .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.indexOf("</svg>"))
        .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, "")
        .replace(/\s+/g, " ")
        .trim();
      return (
        `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"` +
        ` stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`
      );
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

async function entries() {
  const files = await readdir(assets);
  return files.filter((file) => /^[^_].*\.(js|css)$/.test(file)).map((file) => join(assets, file));
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  entryPoints: await entries(),
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2020", "chrome100", "firefox100", "safari15"],
  // A font is named in the style alone, so its name can carry the hash of its content.
  assetNames: "[name]-[hash]",
  // Of a font in several forms the first that a browser of today reads is enough.
  loader: { ".woff2": "file", ".woff": "empty", ".ttf": "empty", ".eot": "empty", ".svg": "empty" },
  legalComments: "eof",
  logLevel: "warning",
  nodePaths: [join(root, "node_modules")],
});
await copyFile(join(assets, "mark.svg"), join(out, "mark.svg"));
// The map's worker is fetched by its own address: the policy knows no worker made of a text.
const worker = join(root, "node_modules/maplibre-gl/dist/maplibre-gl-csp-worker.js");
await writeFile(
  join(out, "map_worker.js"),
  (await readFile(worker, "utf8")).replace(/\n\/\/# sourceMappingURL=.*/, ""),
);
await writeFile(join(out, "icons.svg"), await sprite());

for (const file of (await readdir(out)).sort()) {
  const bytes = await readFile(join(out, file));
  const text = !file.endsWith(".woff2");
  const packed = text ? gzipSync(bytes, { level: 9 }) : bytes;
  if (text) await writeFile(join(out, `${file}.gz`), packed);
  console.log(`  ${file.padEnd(40)} ${String(packed.length).padStart(7)} bytes compressed`);
}
