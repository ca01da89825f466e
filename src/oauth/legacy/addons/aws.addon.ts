import { createHash } from 'node:crypto';
import { newMessageId } from '../../../assertions/index.ts';
import { type Context, isoTime } from '../../../kernel/index.ts';
import {
  element,
  firstChildOf,
  InvalidXml,
  type Markup,
  parseXml,
  type XmlElement,
} from '../../../platform/xml/index.ts';
import { type AddonRequest, type DelegationAddon, misconfigured, setting } from './addon.ts';
import { refusal, sendForm } from './form-request.ts';
import { tenantAssertion, tenantName } from './tenant-assertion.ts';

const NAME = 'aws';
const STS = 'https://sts.amazonaws.com/doc/2011-06-15/';
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const ATTRIBUTES = 'https://aws.amazon.com/SAML/Attributes/';
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

/** AWS is in several parts that know nothing of each other, each with its token service and its name for sign-in. */
const PARTITIONS: Readonly<Record<string, { readonly sts: string; readonly signIn: string }>> = {
  aws: { sts: 'https://sts.amazonaws.com/', signIn: 'https://signin.aws.amazon.com/saml' },
  'aws-cn': { sts: 'https://sts.cn-north-1.amazonaws.com.cn/', signIn: 'https://signin.amazonaws.cn/saml' },
  'aws-us-gov': {
    sts: 'https://sts.us-gov-west-1.amazonaws.com/',
    signIn: 'https://signin.amazonaws-us-gov.com/saml',
  },
};
const ARN = /^arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:(saml-provider|role)\/[\w+=,.@/-]+$/;

/** The settings alone say for which role: whoever could choose would choose the mightiest that trusts the tenant. */
function requireArn(request: AddonRequest, name: 'principal' | 'role', kind: string) {
  const arn = setting(request, NAME, name);
  const [, partition = '', found] = ARN.exec(arn) ?? [];
  const service = PARTITIONS[partition];
  if (!service || found !== kind) throw misconfigured(NAME, `${name} is no ARN of a ${kind}`);
  return { arn, service };
}

/** What the session is called at AWS, which allows few characters and 64 of them. No two users' are the same. */
function sessionName(userId: string): string {
  const named = userId.replace('|', '=');
  if (/^[\w+,.@-]+=[\w+,.@-]+$/.test(named) && named.length <= 64) return named;
  return createHash('sha256').update(userId).digest('base64url');
}

/** AWS: "Configuring SAML assertions for the authentication response". */
async function samlResponse(ctx: Context, userId: string, roles: string, signIn: string): Promise<Markup> {
  const assertion = await tenantAssertion(ctx, {
    subject: { value: userId, format: PERSISTENT },
    claims: [
      { name: `${ATTRIBUTES}Role`, values: [roles] },
      { name: `${ATTRIBUTES}RoleSessionName`, values: [sessionName(userId)] },
    ],
    audience: signIn,
    recipient: signIn,
  });
  const head = {
    'xmlns:samlp': PROTOCOL,
    'xmlns:saml': 'urn:oasis:names:tc:SAML:2.0:assertion',
    ID: newMessageId(ctx),
    Version: '2.0',
    IssueInstant: isoTime(ctx.clock),
    Destination: signIn,
  };
  const success = element('samlp:StatusCode', { Value: 'urn:oasis:names:tc:SAML:2.0:status:Success' });
  const issuer = element('saml:Issuer', {}, tenantName(ctx));
  return element('samlp:Response', head, issuer, element('samlp:Status', {}, success), assertion);
}

function membersOf(parent: XmlElement): Record<string, unknown> {
  return Object.fromEntries(
    parent.children.map((child) => [child.name, child.children.length > 0 ? membersOf(child) : child.text.trim()]),
  );
}

/** What STS answers, by its own names: `Credentials`, `AssumedRoleUser` … */
async function readResult(answer: string): Promise<Record<string, unknown>> {
  try {
    const result = firstChildOf(await parseXml(answer), STS, 'AssumeRoleWithSAMLResult');
    if (result && firstChildOf(result, STS, 'Credentials')) return membersOf(result);
  } catch (error) {
    if (!(error instanceof InvalidXml)) throw error;
  }
  throw refusal(NAME, 'the answer has no credentials');
}

/** Amazon Web Services: temporary credentials of a role, from the Security Token Service. */
export const aws: DelegationAddon = {
  name: NAME,
  async answer(ctx, request) {
    const principal = requireArn(request, 'principal', 'saml-provider');
    const role = requireArn(request, 'role', 'role');
    const { sts, signIn } = role.service;
    const response = await samlResponse(ctx, request.user.user_id, `${role.arn},${principal.arn}`, signIn);
    const { lifetime_in_seconds: lifetime } = request.settings;
    const form = {
      Action: 'AssumeRoleWithSAML',
      Version: '2011-06-15',
      RoleArn: role.arn,
      PrincipalArn: principal.arn,
      SAMLAssertion: Buffer.from(String(response)).toString('base64'),
      ...(typeof lifetime === 'number' ? { DurationSeconds: String(lifetime) } : {}),
    };
    return readResult((await sendForm(ctx, NAME, { url: sts, form })).text());
  },
};
