/**
 * A self-signed certificate for `mail.test`, good for a hundred years, and its key. They guard nothing: the tests of the
 * SMTP sender need a server that no authority vouches for.
 */
export const TEST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUZ1XRi4sT1TMOCgdphYp6VJfUt8QwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbWFpbC50ZXN0MCAXDTI2MTEyMjAyNDU1NloYDzIxMjYxMDI5
MDI0NTU2WjAUMRIwEAYDVQQDDAltYWlsLnRlc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS1p9Ou2As6K3h/TGKHU4m4Tz26fRO7YahIG5lrVebG1zRYu/+GYwz3
hq/SrkagPwJxwPdgKTWperl5Tyqc3oRio2kwZzAdBgNVHQ4EFgQUfPbNtAQ2DvzO
qZ+7+ELf2KPazuswHwYDVR0jBBgwFoAUfPbNtAQ2DvzOqZ+7+ELf2KPazuswDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALggltYWlsLnRlc3QwCgYIKoZIzj0EAwID
SAAwRQIgZlL0VK/DHFdhQ75l1/7sUv3Q6KnSdTTjYqRcPaJStQECIQCFgiPbPJTQ
J/doVffhi8A08MkU5E8b70TZi1IJpWQigw==
-----END CERTIFICATE-----
`;

export const TEST_CERTIFICATE_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgaPA+kwTTSzdp6QSM
D6HizupyatwJ3/pyQ8HAv0XngiahRANCAAS1p9Ou2As6K3h/TGKHU4m4Tz26fRO7
YahIG5lrVebG1zRYu/+GYwz3hq/SrkagPwJxwPdgKTWperl5Tyqc3oRi
-----END PRIVATE KEY-----
`;
