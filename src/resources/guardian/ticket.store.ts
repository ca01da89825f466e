import { collection } from '../../kernel/index.ts';

/** An invitation to enrol in a second factor, sent to a user outside of any login. */
export interface EnrollmentTicket {
  /** SHA-256 of the ticket. */
  readonly id: string;
  readonly user_id: string;
  /** The factor that must be enrolled; absent: the user chooses. */
  readonly factor?: 'push-notification' | 'phone' | 'otp';
  /** May a user who has a factor already add another one? */
  readonly allow_multiple_enrollments: boolean;
  /** ms */
  readonly created_at: number;
  /** ms */
  readonly expires_at: number;
}

export const enrollmentTicketsCollection = collection<EnrollmentTicket>({
  name: 'enrollment_tickets',
  key: 'id',
  index: { user_id: 'text' },
  expires: 'expires_at',
});
