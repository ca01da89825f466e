import { type Context, type Endpoint, endpoint, optionalText, type Reply, Type } from '../../kernel/index.ts';
import { type DeviceResultView, renderDeviceResult } from '../../pages/index.ts';
import { showPage, viewFor } from '../page.ts';

/** As Auth0's. */
export const DEVICE_SUCCESS = '/device/success';
const FAILURE = '/device/failure';

type Failure = Exclude<DeviceResultView['result'], 'connected'>;

/** Where a browser ends whose device was not connected. */
export function deviceFailurePath(reason: Failure): string {
  return `${FAILURE}?reason=${reason}`;
}

async function show(ctx: Context, result: DeviceResultView['result']): Promise<Reply> {
  const view = await viewFor(ctx, undefined);
  return showPage(renderDeviceResult({ ...view, result }), view.nonce);
}

const ABOUT = { method: 'GET', tag: 'device flow', surface: 'page', replies: { 200: 'The page.' } } as const;

/** They say what became of a device and know nothing of it: whoever opens them by hand learns nothing. */
export const deviceResultEndpoints: readonly Endpoint[] = [
  endpoint({
    ...ABOUT,
    path: DEVICE_SUCCESS,
    name: 'showDeviceSuccess',
    summary: 'Page: the device is connected.',
    handle: (ctx) => show(ctx, 'connected'),
  }),
  endpoint({
    ...ABOUT,
    path: FAILURE,
    name: 'showDeviceFailure',
    summary: 'Page: the device is not connected.',
    query: Type.Object({ reason: optionalText('`denied` or `expired`.') }),
    handle: (ctx, { query }) => show(ctx, query.reason === 'expired' ? 'expired' : 'denied'),
  }),
];
