import type { QrCode } from '../pages/index.ts';

/** `uri` as a drawing, to be scanned. Error correction M: a screen is seldom dirty, and fewer squares scan from farther away. */
export async function drawQrCode(uri: string): Promise<QrCode> {
  // Loaded by the first page that shows one.
  const { toString: draw } = await import('qrcode');
  return { svg: await draw(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 }), uri };
}
