import {
  type Context,
  type Endpoint,
  endpoint,
  json,
  managementError,
  managementWrite,
  type Principal,
  type Reply,
  shapes,
} from '../../../kernel/index.ts';
import { findClientOfDocument, isDocumentIdOn, type StoredClient } from '../client.store.ts';
import { type Assessment, assessDocument, presentAssessment } from './assess-document.ts';
import { whyNoDocumentUrl } from './document-url.ts';
import { DocumentUnavailable } from './fetch-json.ts';
import { saveDocumentClient } from './save-document-client.ts';

const PATH = '/api/v2/clients/cimd';
const INVALID = 'invalid_client_metadata';

const body = shapes.body<{ external_client_id: string }>(
  {
    external_client_id: shapes.text('URL of the client ID metadata document.', {
      minLength: 1,
      maxLength: 120,
      format: 'absolute-https-uri-or-empty',
    }),
  },
  { required: ['external_client_id'] },
);

const texts = (what: string) => shapes.list(shapes.text('A sentence.'), what);
const assessed = {
  client_id: shapes.text('The client of this document.'),
  mapped_fields: shapes.openRecord({ external_client_id: shapes.text('The document.') }, 'What a client is made of.'),
  validation: shapes.openRecord(
    {
      valid: shapes.flag('Whether the document can be registered.'),
      violations: texts('What forbids it.'),
      warnings: texts('What is ignored.'),
    },
    'What was found.',
  ),
};

async function requireUrl(ctx: Context, url: string): Promise<void> {
  if (!(await isDocumentIdOn(ctx))) {
    const text = 'Client ID Metadata Documents are not enabled for this tenant';
    throw managementError(403, text, 'operation_not_supported');
  }
  const why = whyNoDocumentUrl(url);
  if (why !== undefined) throw managementError(400, `Invalid external_client_id: it ${why}.`, 'invalid_body');
}

async function preview(ctx: Context, url: string): Promise<Reply> {
  await requireUrl(ctx, url);
  const existing = await findClientOfDocument(ctx, url);
  const known = existing ? { client_id: existing.client_id } : {};
  try {
    return json(200, { ...known, ...presentAssessment(await assessDocument(ctx, url)) });
  } catch (error) {
    if (!(error instanceof DocumentUnavailable)) throw error;
    return json(200, { ...known, errors: [`${notRetrieved(url)} ${error.message}.`] });
  }
}

async function register(ctx: Context, url: string, principal: Principal | undefined): Promise<Reply> {
  const permit = (existing: StoredClient | undefined) => requireScope(principal, existing);
  await requireUrl(ctx, url);
  permit(await findClientOfDocument(ctx, url));
  const assessment = await requireAssessment(ctx, url);
  const { client, isNew, warnings } = await saveDocumentClient(ctx, assessment, permit);
  const found = { ...assessment, warnings: [...assessment.warnings, ...warnings] };
  const answer = { client_id: client.client_id, ...presentAssessment(found) };
  return isNew ? json(201, answer, { location: `/api/v2/clients/${client.client_id}` }) : json(200, answer);
}

/** Auth0: making one and changing one are two permissions. */
function requireScope(principal: Principal | undefined, existing: StoredClient | undefined): void {
  const scope = existing ? 'update:clients' : 'create:clients';
  if (principal?.scopes.has(scope)) return;
  throw managementError(403, `Insufficient scope, expected any of: ${scope}`, 'insufficient_scope');
}

async function requireAssessment(ctx: Context, url: string): Promise<Assessment> {
  let assessment: Assessment;
  try {
    assessment = await assessDocument(ctx, url);
  } catch (error) {
    if (!(error instanceof DocumentUnavailable)) throw error;
    throw managementError(400, `${notRetrieved(url)} ${error.message}.`, INVALID);
  }
  if (assessment.violations.length === 0) return assessment;
  const text = `The Client Metadata document at ${url} cannot be applied: ${assessment.violations.join('; ')}.`;
  throw managementError(400, text, INVALID);
}

const notRetrieved = (url: string) => `The Client Metadata at ${url} could not be retrieved:`;

/** `/api/v2/clients/cimd/*`: clients that describe themselves by a document at the address that is their id. */
export const cimdEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'POST',
    path: `${PATH}/preview`,
    name: 'previewCimdMetadata',
    summary: 'Look at a client ID metadata document without registering it',
    tag: 'clients',
    surface: 'management',
    scopes: ['read:clients', 'create:clients', 'update:clients'],
    accepts: ['json', 'form'],
    body,
    replies: { 200: shapes.answer({ ...assessed, errors: texts('Why the document could not be fetched.') }) },
    handle: (ctx, { body: { external_client_id } }) => preview(ctx, external_client_id),
  }),
  managementWrite({
    method: 'POST',
    path: `${PATH}/register`,
    apart: true,
    name: 'registerCimdClient',
    summary: 'Register or update a CIMD client',
    tag: 'clients',
    scopes: ['create:clients', 'update:clients'],
    accepts: ['json', 'form'],
    body,
    replies: { 200: shapes.answer(assessed), 201: shapes.answer(assessed) },
    handle: (ctx, { body: { external_client_id }, principal }) => register(ctx, external_client_id, principal),
  }),
];
