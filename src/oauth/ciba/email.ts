import { composeLetter, type Message } from '../../platform/messages/index.ts';

export interface ApprovalLetter {
  readonly link: string;
  /** What the tenant calls itself. */
  readonly service: string;
  readonly application: string;
  readonly binding_message: string;
}

/** The mail that brings a link to what an application asks its recipient to approve. It holds nothing that the page does not show. */
export function approvalEmail(to: string, { link, service, application, binding_message }: ApprovalLetter): Message {
  return composeLetter(to, {
    subject: `${application} asks for your approval`,
    opening: `${application} asks for your approval at ${service}. Request code: ${binding_message}`,
    button: 'See the request',
    link,
    closing:
      'Approve it only if you know what it is about and the same code is shown where the request comes from. If you did not expect it, decline it, or ignore this message.',
  });
}
