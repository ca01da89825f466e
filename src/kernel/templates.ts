import { type Endpoint, endpoint, json } from './endpoint.ts';
import { managementError } from './failure.ts';
import { pascal } from './resource-declaration.ts';
import { type TSchema, Type } from './schema.ts';

/** What others may start from who make a document of a resource: the same for every tenant, only to be read. */
export interface Templates {
  /** Of the resource: `/api/v2/connection-profiles`. */
  readonly path: string;
  readonly tag: string;
  /** Of the resource: `connection profile` → `listConnectionProfileTemplates`, `connection_profile_templates`. */
  readonly noun: string;
  readonly scopes: readonly string[];
  /** Schema of one. */
  readonly shape: TSchema;
  readonly templates: readonly { readonly id: string }[];
}

/** `GET <path>/templates` and `GET <path>/templates/{id}`. WireError 404 where there is no such template. */
export function templateEndpoints({ path, tag, noun, scopes, shape, templates }: Templates): Endpoint[] {
  const key = `${noun.replaceAll(' ', '_')}_templates`;
  const missing = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} template not found.`;
  const about = { method: 'GET', tag, surface: 'management', scopes } as const;
  return [
    endpoint({
      ...about,
      path: `${path}/templates`,
      name: `list${pascal(noun)}Templates`,
      summary: `Get ${noun} templates`,
      replies: { 200: Type.Object({ [key]: Type.Array(shape) }) },
      handle: async () => json(200, { [key]: templates }),
    }),
    endpoint({
      ...about,
      path: `${path}/templates/:id`,
      name: `get${pascal(noun)}Template`,
      summary: `Get a ${noun} template`,
      params: Type.Object({
        id: Type.String({ description: `ID of the ${noun.replaceAll(' ', '-')}-template to retrieve.` }),
      }),
      replies: { 200: shape, 404: 'There is no such template.' },
      async handle(_ctx, { params: { id } }) {
        const template = templates.find((one) => one.id === id);
        if (!template) throw managementError(404, missing);
        return json(200, template);
      },
    }),
  ];
}
