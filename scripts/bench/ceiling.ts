import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { availableParallelism } from 'node:os';

/** RSA-2048 signatures a second on all cores: what no server that signs a token per request can beat. */
export async function signingCeiling(seconds: number): Promise<number> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const until = performance.now() + seconds * 1000;
  let signed = 0;
  const data = Buffer.alloc(300, 7);
  const one = (key: KeyObject) =>
    new Promise<void>((resolve, reject) =>
      sign('RSA-SHA256', data, key, (error) => (error ? reject(error) : resolve())),
    );
  const lane = async () => {
    while (performance.now() < until) {
      await one(privateKey);
      signed++;
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: availableParallelism() * 8 }, lane));
  return signed / ((performance.now() - started) / 1000);
}
