import type { BaseView, FormView, PasswordRule } from './index.ts';
import * as pages from './index.ts';

/** What the tests may vary: every text that comes from people, and every address. */
export type SampleInput = {
  text: (plain: string) => string;
  url: (plain: string) => string;
  errors?: Readonly<Record<string, string>>;
  theme?: Partial<BaseView['theme']>;
};

export const qrSvg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4" shape-rendering="crispEdges"><path d="M0 0h4v4H0z"/></svg>';

/** Draws every screen, with everything that it can show switched on. Keyed by the name of the function that draws it. */
export function sampleScreens(input: SampleInput): Record<string, () => string> {
  const { text, url } = input;
  const theme = { companyName: text('Northwind'), ...input.theme };
  const base: BaseView = { theme, lang: 'en', nonce: 'bm9uY2Utbm9uY2Ut', client: { name: text('Travel Desk') } };
  const form: FormView = { ...base, state: text('hKFo2SAstate'), action: url('/u/login'), errors: input.errors };
  return {
    ...accountScreens(input, base, form),
    ...passkeyScreens(input, form),
    ...enrollmentScreens(input, base, form),
    ...challengeScreens(input, form),
    ...permissionScreens(input, base, form),
    ...decisionScreens(input, base, form),
    renderOutbox: () => pages.renderOutbox({ ...base, ...outbox(input) }),
  };
}

function accountScreens({ text, url }: SampleInput, base: BaseView, form: FormView): Record<string, () => string> {
  const email = text('ada@example.com');
  const loginUrl = url('/u/login?state=x');
  const passwordRules = rules(text);
  return {
    renderLogin: () =>
      pages.renderLogin({
        ...form,
        username: email,
        signupUrl: url('/u/signup'),
        resetUrl: url('/u/reset-password'),
        providers: [
          { name: text('Northwind'), url: url('/u/login/federated'), iconUrl: url('https://northwind.test/i.png') },
        ],
      }),
    renderLoginPassword: () =>
      pages.renderLoginPassword({
        ...form,
        username: email,
        identifier: 'email',
        editUrl: url('/u/login/identifier'),
        signupUrl: url('/u/signup'),
        resetUrl: url('/u/reset-password'),
      }),
    renderLoginIdentifier: () => pages.renderLoginIdentifier({ ...form, username: email, identifier: 'emailOrPhone' }),
    renderLoginPasswordlessEmailCode: () =>
      pages.renderLoginPasswordlessEmailCode({ ...form, to: email, isResent: true }),
    renderLoginPasswordlessSmsOtp: () => pages.renderLoginPasswordlessSmsOtp({ ...form, to: text('+442079460123') }),
    renderSignup: () =>
      pages.renderSignup({ ...form, email, usernameField: 'optional', username: text('ada'), passwordRules, loginUrl }),
    renderResetPasswordRequest: () => pages.renderResetPasswordRequest({ ...form, email, loginUrl }),
    renderResetPasswordEmailSent: () => pages.renderResetPasswordEmailSent({ ...form, email, loginUrl }),
    renderResetPasswordNewPassword: () =>
      pages.renderResetPasswordNewPassword({ ...form, account: email, passwordRules }),
    renderResetPasswordDone: () => pages.renderResetPasswordDone({ ...base, loginUrl }),
    renderResetPasswordInvalidLink: () => pages.renderResetPasswordInvalidLink({ ...base, loginUrl }),
    renderEmailVerificationResult: () =>
      pages.renderEmailVerificationResult({
        ...base,
        result: 'verified',
        email,
        continueUrl: url('https://app.example/'),
      }),
  };
}

function passkeyScreens({ text, url }: SampleInput, form: FormView): Record<string, () => string> {
  const loginUrl = url('/u/login?state=x');
  return {
    renderLoginPasskey: () =>
      pages.renderLoginPasskey({ ...form, authSession: text('Fe26'), options: { challenge: text('c') }, loginUrl }),
    renderPasskeyEnrollment: () =>
      pages.renderPasskeyEnrollment({
        ...form,
        authSession: text('Fe26'),
        options: { challenge: text('c') },
        isLocal: true,
      }),
  };
}

function enrollmentScreens({ text }: SampleInput, base: BaseView, form: FormView): Record<string, () => string> {
  const uri = 'otpauth://totp/Northwind:ada%40example.com?secret=HJ6XM2DNERXDAVCUONGWKRTCMNTU6VDF';
  const qr = { svg: qrSvg, uri };
  const phone = text('+44 20 7946 0123');
  const recoveryCode = text('MZCRK3YX5V3AKNNYY6JEBQCL');
  const sent = { ...form, isResent: true, canTryAnother: true };
  return {
    renderMfaBeginEnrollOptions: () =>
      pages.renderMfaBeginEnrollOptions({ ...form, methods: ['otp', 'push', 'sms', 'voice', 'email'], canSkip: true }),
    renderMfaOtpEnrollment: () =>
      pages.renderMfaOtpEnrollment({
        ...form,
        qr,
        secret: text('HJ6XM2DNERXDAVCUONGWKRTCMNTU6VDF'),
        canTryAnother: true,
      }),
    renderMfaPushEnrollment: () =>
      pages.renderMfaPushEnrollment({
        ...form,
        qr,
        appName: text('Guardian'),
        canTryAnother: true,
        askAgainSeconds: 5,
      }),
    renderMfaSmsEnrollment: () =>
      pages.renderMfaSmsEnrollment({ ...form, phone, channels: ['sms', 'voice'], canTryAnother: true }),
    renderMfaSmsEnrollmentVerify: () => pages.renderMfaSmsEnrollmentVerify({ ...sent, to: phone }),
    renderMfaVoiceEnrollmentVerify: () => pages.renderMfaVoiceEnrollmentVerify({ ...sent, to: phone }),
    renderMfaEmailEnrollment: () =>
      pages.renderMfaEmailEnrollment({ ...form, email: text('ada@example.com'), canTryAnother: true }),
    renderMfaEmailEnrollmentVerify: () =>
      pages.renderMfaEmailEnrollmentVerify({ ...sent, to: text('ada@example.com') }),
    renderMfaRecoveryCodeEnrollment: () => pages.renderMfaRecoveryCodeEnrollment({ ...form, recoveryCode }),
    renderMfaRecoveryCodeNew: () => pages.renderMfaRecoveryCodeNew({ ...form, recoveryCode }),
    renderMfaEnrollmentDone: () => pages.renderMfaEnrollmentDone({ ...base, result: 'enrolled', method: 'otp' }),
  };
}

function challengeScreens({ text }: SampleInput, form: FormView): Record<string, () => string> {
  const challenge = { ...form, rememberBrowser: { checked: true }, canTryAnother: true };
  const sent = { ...challenge, to: text('XXXXXXXXX9167'), isResent: true };
  return {
    renderMfaOtpChallenge: () => pages.renderMfaOtpChallenge(challenge),
    renderMfaSmsChallenge: () => pages.renderMfaSmsChallenge({ ...sent, canCall: true }),
    renderMfaVoiceChallenge: () => pages.renderMfaVoiceChallenge({ ...sent, canText: true }),
    renderMfaEmailChallenge: () => pages.renderMfaEmailChallenge(sent),
    renderMfaPushChallenge: () => pages.renderMfaPushChallenge({ ...sent, canEnterCode: true, askAgainSeconds: 5 }),
    renderMfaRecoveryCodeChallenge: () => pages.renderMfaRecoveryCodeChallenge(challenge),
    renderMfaLoginOptions: () =>
      pages.renderMfaLoginOptions({
        ...form,
        canGoBack: true,
        options: [
          { method: 'push', value: text('push::0'), name: text('Ada’s phone') },
          { method: 'otp', value: 'otp::0' },
          { method: 'sms', value: 'sms::0', name: text('XXXXXXXXX9167') },
          { method: 'email', value: 'email::0', name: text('****@exam*******') },
          { method: 'recovery-code', value: 'recovery-code' },
        ],
      }),
  };
}

function permissionScreens({ text, url }: SampleInput, base: BaseView, form: FormView): Record<string, () => string> {
  const account = text('ada@example.com');
  const client = { name: text('Travel Desk'), logo_uri: url('https://cdn.example/logo.png') };
  const scopes = [
    { value: 'openid' },
    { value: 'profile' },
    { value: text('trips') },
    { value: 'read:trips', description: text('Read your trips') },
  ];
  return {
    renderConsent: () =>
      pages.renderConsent({ ...form, client, scopes, details: details(text), audience: text('Trips API'), account }),
    renderCallbackConfirmation: () =>
      pages.renderCallbackConfirmation({ ...form, client, target: text('http://localhost:4200/callback'), account }),
    renderError: () =>
      pages.renderError({
        ...base,
        error: text('unauthorized_client'),
        error_description: text('The provided redirect_uri is not in the list of allowed callback URLs.'),
        tracking: text('8c1f3a5e7d9b'),
        supportUrl: url('https://help.example/'),
      }),
    renderLoggedOut: () => pages.renderLoggedOut({ ...base, loginUrl: url('/login') }),
    renderLogoutConfirm: () => pages.renderLogoutConfirm({ ...form, account }),
    renderFormPost: () =>
      pages.renderFormPost({
        ...base,
        redirect_uri: 'https://app.example/callback',
        parameters: { code: text('SplxlOBeZQQYbYS6WxSbIA'), state: text('af0ifjsldkj') },
      }),
    renderCrossOriginVerification: () =>
      pages.renderCrossOriginVerification({
        ...form,
        coId: text('nBv1H2mQ'),
        framedUrl: 'https://app.example/verify#origin=https%3A%2F%2Ftenant.example',
      }),
    renderWebMessage: () =>
      pages.renderWebMessage({
        ...base,
        targetOrigin: 'https://app.example',
        response: { code: text('SplxlOBeZQQYbYS6WxSbIA'), state: text('af0ifjsldkj') },
      }),
  };
}

function decisionScreens({ text, url }: SampleInput, base: BaseView, form: FormView): Record<string, () => string> {
  const account = text('ada@example.com');
  const client = { name: text('Travel Desk'), logo_uri: url('https://cdn.example/logo.png') };
  const scopes = [{ value: 'openid' }, { value: text('trips') }];
  return {
    renderDeviceUserCode: () => pages.renderDeviceUserCode({ ...form, userCode: text('QTZL-MCBW') }),
    renderDeviceConfirmation: () =>
      pages.renderDeviceConfirmation({
        ...form,
        client,
        userCode: text('QTZL-MCBW'),
        scopes,
        audience: text('Trips API'),
        account,
      }),
    renderDeviceResult: () => pages.renderDeviceResult({ ...base, result: 'connected' }),
    renderOrganizationSelection: () =>
      pages.renderOrganizationSelection({ ...form, by: 'either', typed: text('northwind') }),
    renderOrganizationPicker: () =>
      pages.renderOrganizationPicker({
        ...form,
        organizations: [
          { value: text('org_1'), name: text('Northwind'), logoUrl: url('https://cdn.example/logo.png') },
          { value: text('org_2'), name: text('Southwind') },
        ],
      }),
    renderRequestApproval: () =>
      pages.renderRequestApproval({
        ...form,
        client,
        message: text('21-49-38'),
        scopes,
        audience: text('Trips API'),
        details: details(text),
        account,
      }),
    renderRequestApprovalResult: () => pages.renderRequestApprovalResult({ ...base, result: 'approved' }),
  };
}

function outbox({ text, url }: SampleInput): Omit<pages.OutboxView, keyof BaseView> {
  const created_at = text('2026-03-01T09:30:00.000Z');
  const to = text('+15555550100');
  return {
    messages: [
      { id: text('m3'), channel: 'sms', to, text: text('481203 is your code.'), code: text('481203'), created_at },
      {
        id: text('m2'),
        channel: 'email',
        to: text('ada@example.com'),
        subject: text('Reset your password'),
        text: text('Follow this link:\nhttp://localhost:3000/u/reset-verify?ticket=abc'),
        link: url('http://localhost:3000/u/reset-verify?ticket=abc'),
        created_at,
      },
    ],
    pushes: [
      { id: text('p1'), to: text('Ada’s phone'), created_at, status: 'pending' },
      { id: text('p0'), to: text('Ada’s tablet'), created_at, status: 'approved' },
      { id: text('p2'), to: text('Ada’s watch'), created_at, status: 'pending', asked: wish(text) },
    ],
    clock: { now: created_at, offset: text('10 min 30 s') },
    facts: [
      { label: text('Issuer'), value: text('Northwind issuer') },
      { label: text('Demo user'), value: text('demo@example.com / correct horse') },
    ],
    actions: {
      self: url('/_dev'),
      clock: url('/_dev/clock'),
      push: url('/_dev/push'),
      messages: url('/_dev/messages'),
    },
  };
}

function wish(text: SampleInput['text']): NonNullable<pages.OutboxPush['asked']> {
  const asked = { binding_message: text('21-49-38'), audience: text('https://trips.example/'), scope: [text('trips')] };
  return { ...asked, authorization_details: details(text) };
}

function rules(text: SampleInput['text']): PasswordRule[] {
  const items = [
    { code: 'lowerCase', message: 'lower', verified: true },
    { code: 'upperCase', message: 'upper', verified: false },
    { code: 'numbers', message: 'numbers', verified: false },
    { code: 'specialCharacters', message: 'special', verified: true },
  ];
  return [
    { code: 'lengthAtLeast', message: 'long', format: [8], verified: true },
    { code: 'containsAtLeast', message: 'kinds', format: [3, 4], verified: false, items },
    { code: 'ownRule', message: text('No names of ships'), verified: false },
  ];
}

function details(text: SampleInput['text']) {
  return [
    { type: text('money_transfer'), [text('amount')]: text('2500 USD'), [text('beneficiary')]: text('Hanna Herwitz') },
    {
      type: 'urn:auth0:schemas:authorization-details:v1:payment',
      instruction: text('Pay the invoice'),
      properties: { to: { display: true, name: text('To'), value: text('Northwind') } },
    },
  ];
}
