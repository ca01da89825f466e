import type { Message } from '../../kernel/index.ts';

interface Words {
  readonly subject: (tenant: string) => string;
  readonly text: (tenant: string, link: string) => string;
}

const WORDS: Readonly<Record<string, Words>> = {
  en: {
    subject: (tenant) => `Set up two-step verification for ${tenant}`,
    text: (tenant, link) =>
      `You have been asked to set up two-step verification for your account at ${tenant}. Open this link to begin:\n\n${link}\n\nIt is valid for five days and can be used once.\n`,
  },
  de: {
    subject: (tenant) => `Bestätigung in zwei Schritten für ${tenant} einrichten`,
    text: (tenant, link) =>
      `Bitte richten Sie die Bestätigung in zwei Schritten für Ihr Konto bei ${tenant} ein. Dieser Link führt dorthin:\n\n${link}\n\nEr gilt fünf Tage und kann einmal verwendet werden.\n`,
  },
  es: {
    subject: (tenant) => `Configure la verificación en dos pasos de ${tenant}`,
    text: (tenant, link) =>
      `Se le pide que configure la verificación en dos pasos de su cuenta en ${tenant}. Abra este enlace para empezar:\n\n${link}\n\nEs válido durante cinco días y se puede usar una vez.\n`,
  },
  fr: {
    subject: (tenant) => `Configurez la validation en deux étapes de ${tenant}`,
    text: (tenant, link) =>
      `Nous vous invitons à configurer la validation en deux étapes de votre compte ${tenant}. Ouvrez ce lien pour commencer :\n\n${link}\n\nIl est valable cinq jours et ne sert qu'une fois.\n`,
  },
};

/** The e-mail that brings an enrolment ticket. `locale` is a BCP 47 tag; a language without words gets English. */
export function enrollmentInvitation(
  to: string,
  { tenant, link, locale = 'en' }: { tenant: string; link: string; locale?: string | undefined },
): Message {
  const language = locale.toLowerCase().split('-')[0] ?? 'en';
  const words = (WORDS[language] ?? WORDS.en) as Words;
  return { channel: 'email', to, subject: words.subject(tenant), text: words.text(tenant, link), link };
}
