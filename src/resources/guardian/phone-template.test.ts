import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPhoneTemplate, type PhoneTemplateData, renderPhoneTemplate } from './phone-template.ts';

const DATA: PhoneTemplateData = {
  code: '123456',
  message_type: 'sms',
  tenant: { friendly_name: 'Acme {{code}}' },
  requestInfo: { lang: 'fr-CA' },
};

test('variables are filled in once, not again', () => {
  assert.equal(renderPhoneTemplate('{{code}} for {{ tenant.friendly_name }}', DATA), '123456 for Acme {{code}}');
});

test('conditions nest, and choose the first branch that holds', () => {
  const template =
    '{% if requestInfo.lang contains "fr" %}{% if message_type == "voice" %}Voix{% else %}Texte{% endif %}{% elsif message_type != "sms" %}Call{% else %}Text{% endif %} {{code}}';
  assert.equal(renderPhoneTemplate(template, DATA), 'Texte 123456');
  assert.equal(renderPhoneTemplate(template, { ...DATA, message_type: 'voice' }), 'Voix 123456');
  const english = { ...DATA, requestInfo: { lang: 'en' } };
  assert.equal(renderPhoneTemplate(template, english), 'Text 123456');
  assert.equal(renderPhoneTemplate(template, { ...english, message_type: 'voice' }), 'Call 123456');
});

test('dashes take the white space away', () => {
  assert.equal(renderPhoneTemplate('a {{- code -}} b', DATA), 'a123456b');
});

test('what would not be understood, or would never say the code, is refused', () => {
  checkPhoneTemplate('{{code}}');
  const refused: [string, RegExp][] = [
    ['{{code | upcase}}', /not one of/],
    ['{{user.name}} {{code}}', /not one of/],
    ['{% for x in y %}{{code}}{% endfor %}', /not understood/],
    ['{% if code > 1 %}{{code}}{% endif %}', /condition/],
    ['{% if message_type == "sms" %}{{code}}', /not closed/],
    ['{{code}} {% endif %}', /not understood/],
    ['{{code}} {{', /not closed/],
    ['Hello', /never says/],
    ['{% if message_type == "sms" %}{{code}}{% endif %}', /never says .* "voice"/],
  ];
  for (const [template, reason] of refused) assert.throws(() => checkPhoneTemplate(template), reason, template);
});
