/** xmlsec1, an implementation of XML Signature and Encryption that is not ours, where the machine has it. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a test that needs it hands to `skip`. */
export const noXmlsec: string | false =
  spawnSync('xmlsec1', ['--version']).error === undefined ? false : 'xmlsec1 is not installed';

/** Runs xmlsec1 on files made of `texts`, whose names stand in `args` as `@name`. Answers what it prints; throws where it fails. */
async function xmlsec(args: readonly string[], texts: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'xmlsec-'));
  try {
    for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
    const { stdout } = await run(
      'xmlsec1',
      args.map((arg) => arg.replace(/@(\w+)/, (_, name) => join(folder, name))),
    );
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Throws unless the signature in `document` is that of `certificate` (PEM). `id`: the attribute that names `element` in `namespace`. */
export async function xmlsecVerify(
  document: string,
  certificate: string,
  { id, element, namespace }: { readonly id: string; readonly element: string; readonly namespace: string },
): Promise<void> {
  const node = `//*[local-name()='Signature']`;
  const args = ['--verify', '--pubkey-cert-pem', '@cert', '--enabled-key-data', 'key-name,x509', '--node-xpath', node];
  await xmlsec([...args, `--id-attr:${id}`, `${namespace}:${element}`, '@document'], { cert: certificate, document });
}

/** `document` with what is encrypted in it in clear. */
export function xmlsecDecrypt(document: string, privateKey: string): Promise<string> {
  return xmlsec(['--decrypt', '--privkey-pem', '@key', '@document'], { key: privateKey, document });
}
