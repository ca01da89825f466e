import { type Endpoint, endpoint, json, Type } from '../../kernel/index.ts';
import { appleAssociation, assetLinks } from './app-association.ts';

const shared = { method: 'GET', tag: 'Discovery', surface: 'oauth', cors: 'public' } as const;

function forApple(path: string, name: string) {
  return endpoint({
    ...shared,
    path,
    name,
    summary: 'The apps for iOS and macOS that belong to this domain',
    replies: { 200: Type.Object({}, { additionalProperties: true }) },
    handle: async (ctx) => json(200, await appleAssociation(ctx)),
  });
}

/** What mobile operating systems read to learn which apps belong to this domain. */
export const appAssociationEndpoints: readonly Endpoint[] = [
  endpoint({
    ...shared,
    path: '/.well-known/assetlinks.json',
    name: 'getAssetLinks',
    summary: 'The apps for Android that belong to this domain',
    replies: { 200: Type.Array(Type.Object({}, { additionalProperties: true })) },
    handle: async (ctx) => json(200, await assetLinks(ctx)),
  }),
  forApple('/.well-known/apple-app-site-association', 'getAppleAppSiteAssociation'),
  forApple('/apple-app-site-association', 'getAppleAppSiteAssociationAtRoot'),
];
