import { type Context, endpoint, optionalText, type Reply, Type } from '../../kernel/index.ts';
import { type RequestApprovalResultView, renderRequestApprovalResult } from '../../pages/index.ts';
import { showPage, viewFor } from '../page.ts';

const PATH = '/bc-verify/result';

type Result = RequestApprovalResultView['result'];

/** Where a browser ends that came by a mailed link. */
export function backchannelResultPath(result: Result): string {
  return `${PATH}?result=${result}`;
}

async function show(ctx: Context, wanted: string | undefined): Promise<Reply> {
  const view = await viewFor(ctx, undefined);
  const result = wanted === 'approved' || wanted === 'denied' ? wanted : 'expired';
  return showPage(renderRequestApprovalResult({ ...view, result }), view.nonce);
}

/** It says what became of a request and knows nothing of it. */
export const backchannelResultEndpoint = endpoint({
  method: 'GET',
  path: PATH,
  name: 'showBackchannelResult',
  summary: 'Page: what became of a request for approval.',
  tag: 'backchannel authentication',
  surface: 'page',
  query: Type.Object({ result: optionalText('`approved`, `denied` or `expired`.') }),
  replies: { 200: 'The page.' },
  handle: (ctx, { query }) => show(ctx, query.result),
});
