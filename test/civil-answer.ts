/** What must be true of every answer, whatever was asked. */
import assert from 'node:assert/strict';
import type { Endpoint, Surface } from '../src/kernel/index.ts';

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const speaksManagement = (body: Record<string, unknown>, status: number) =>
  body.statusCode === status && isText(body.error) && isText(body.message);

const DIALECTS: Record<Surface, (body: Record<string, unknown>, status: number) => boolean> = {
  oauth: (body) => isText(body.error) && isText(body.error_description),
  legacy: (body) => isText(body.error) && isText(body.error_description),
  plain: (body) => isText(body.error) && isText(body.error_description),
  management: speaksManagement,
  my_organization: (body, status) =>
    body.status === status && isText(body.type) && isText(body.title) && (isText(body.detail) || status === 400),
  guardian: speaksManagement,
  database: (body, status) =>
    (body.statusCode === status && isText(body.code)) || (isText(body.error) && (body.statusCode ?? status) === status),
  page: () => false,
};

/** Endpoints that answer some refusals in plain text, as Auth0 does. */
const PLAIN_TEXT = new Set(['/userinfo']);

/** Endpoints that also refuse as the Management API does, as Auth0 does. */
const MANAGEMENT_TOO = new Set(['/oidc/register']);

/** An answer to whatever was sent: never a fault of the server's, and refusals in the words of the surface. */
export function assertCivil(endpoint: Endpoint, answer: { status: number; type: string; text: string }): void {
  const { status, type, text: body } = answer;
  const about = `${endpoint.method} ${endpoint.path} → ${status} ${body.slice(0, 300)}`;
  assert.ok(status < 500, about);
  if (status < 400) return;
  if (endpoint.surface === 'page') {
    assert.ok(type.startsWith('text/html') && body.includes('<html'), about);
    return;
  }
  if (PLAIN_TEXT.has(endpoint.path) && type.startsWith('text/plain')) return;
  assert.ok(type.startsWith('application/json'), `${about} ${type}`);
  const said = JSON.parse(body) as Record<string, unknown>;
  if (MANAGEMENT_TOO.has(endpoint.path) && speaksManagement(said, status)) return;
  assert.ok(DIALECTS[endpoint.surface](said, status), about);
}
