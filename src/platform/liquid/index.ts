/**
 * The part of Liquid that message templates of tenants are understood in: variables by name, `if` and `unless` on them. What is not
 * understood is refused when the template is set, not when a message is due. Which variables there are is the caller's.
 */
export { readTemplate, type Template, TemplateRefused, type Variables } from './template.ts';
