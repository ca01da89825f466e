#!/usr/bin/env bash
# Enrols one user in SMS and in a one-time-password app through the MFA API, step by step, printing every answer.
#
#   URL=http://localhost:3000 CLIENT_ID=… CLIENT_SECRET=… EMAIL=… PASSWORD=… ./run.sh
#
# The application needs the authorization_code and the MFA grants, REDIRECT_URI among its callbacks, and a server in development mode
# (the SMS is read from /_dev/messages). Leave CLIENT_SECRET empty for a public client; VERIFIER is then used for PKCE as well.
set -euo pipefail

URL="${URL:-http://localhost:3000}"
REDIRECT_URI="${REDIRECT_URI:-http://localhost:4000/callback}"
PHONE="${PHONE:-+15551234567}"
: "${CLIENT_ID:?}" "${EMAIL:?}" "${PASSWORD:?}"
jar="$(mktemp)"
trap 'rm -f "$jar"' EXIT

# Prints an answer and keeps it in $answer.
say() { printf '\n== %s\n%s\n' "$1" "$answer"; }
# Reads one member of the JSON in $answer: member access_token
member() { node -e 'const v = JSON.parse(process.argv[1])[process.argv[2]]; if (v === undefined) process.exit(1); console.log(v)' "$answer" "$1"; }
# The one-time password that an app would show for a base32 secret at the server's time (RFC 6238).
one_time_password() {
  now="$(curl --silent --fail "$URL/_dev/clock" | node -e 'process.stdin.on("data", (d) => console.log(Date.parse(JSON.parse(d).now)))')"
  node -e '
    const [secret, now] = process.argv.slice(1);
    const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
    const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
    const step = Buffer.alloc(8); step.writeBigUInt64BE(BigInt(Math.floor(Number(now) / 30000)));
    const mac = require("crypto").createHmac("sha1", key).update(step).digest();
    console.log(String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0"));
  ' "$1" "$now"
}
secret_parameter() { if [ -n "${CLIENT_SECRET:-}" ]; then printf -- '--data-urlencode\nclient_secret=%s\n' "$CLIENT_SECRET"; fi; }
mapfile -t secret < <(secret_parameter)

# An access token for the MFA API: the user logs in in a browser (here: curl with a cookie jar, posting the login form).
mfa_api_token() {
  local verifier challenge location state
  verifier="$(node -e 'console.log(require("crypto").randomBytes(32).toString("base64url"))')"
  challenge="$(node -e 'console.log(require("crypto").createHash("sha256").update(process.argv[1]).digest("base64url"))' "$verifier")"
  location="$(curl --silent --fail --output /dev/null --write-out '%{redirect_url}' --cookie "$jar" --cookie-jar "$jar" --get "$URL/authorize" \
    --data-urlencode 'response_type=code' --data-urlencode "client_id=$CLIENT_ID" --data-urlencode 'connection=Username-Password-Authentication' \
    --data-urlencode "redirect_uri=$REDIRECT_URI" --data-urlencode "audience=$URL/mfa/" --data-urlencode 'scope=openid profile email enroll' \
    --data-urlencode 'state=STATE' --data-urlencode "code_challenge=$challenge" --data-urlencode 'code_challenge_method=S256' --data-urlencode 'prompt=login')"
  state="$(node -e 'console.log(new URL(process.argv[1]).searchParams.get("state"))' "$location")"
  location="$(curl --silent --output /dev/null --write-out '%{redirect_url}' --cookie "$jar" --cookie-jar "$jar" "$location" \
    --data-urlencode "state=$state" --data-urlencode "username=$EMAIL" --data-urlencode "password=$PASSWORD" --data 'action=default')"
  # Follow our own redirects until one leads to the application, or to a page that asks for a second factor.
  while [[ "$location" == "$URL"/* && "$location" != *"/u/"* ]]; do
    location="$(curl --silent --output /dev/null --write-out '%{redirect_url}' --cookie "$jar" --cookie-jar "$jar" "$location")"
  done
  if [[ "$location" == *"/u/mfa-sms-challenge"* ]]; then location="$(answer_sms_challenge "$location")"; fi
  local code
  code="$(node -e 'console.log(new URL(process.argv[1]).searchParams.get("code"))' "$location")"
  answer="$(curl --silent --request POST --url "$URL/oauth/token" --header 'content-type: application/x-www-form-urlencoded' \
    --data 'grant_type=authorization_code' --data-urlencode "client_id=$CLIENT_ID" "${secret[@]}" --data-urlencode "code=$code" \
    --data-urlencode "redirect_uri=$REDIRECT_URI" --data-urlencode "code_verifier=$verifier")"
}

last_sms_code() { curl --silent --fail --get "$URL/_dev/messages" --data 'channel=sms' --data-urlencode "to=$PHONE" | node -e 'let t = ""; process.stdin.on("data", (d) => (t += d)).on("end", () => console.log(JSON.parse(t)[0].code))'; }

# The user is enrolled by now: the MFA API is only for who passes their second factor.
answer_sms_challenge() {
  local page="$1" state next
  curl --silent --output /dev/null --cookie "$jar" --cookie-jar "$jar" "$page"
  state="$(node -e 'console.log(new URL(process.argv[1]).searchParams.get("state"))' "$page")"
  next="$(curl --silent --output /dev/null --write-out '%{redirect_url}' --cookie "$jar" --cookie-jar "$jar" "$page" \
    --data-urlencode "state=$state" --data-urlencode "code=$(last_sms_code)" --data 'action=default')"
  while [[ "$next" == "$URL"/* ]]; do
    next="$(curl --silent --output /dev/null --write-out '%{redirect_url}' --cookie "$jar" --cookie-jar "$jar" "$next")"
  done
  echo "$next"
}

mfa_api_token
say '1. an access token for the MFA API'
token="$(member access_token)"

answer="$(curl --silent --request POST --url "$URL/mfa/associate" --header "authorization: Bearer $token" --header 'content-type: application/json' \
  --data "{ \"authenticator_types\": [\"oob\"], \"oob_channels\": [\"sms\"], \"phone_number\": \"$PHONE\" }")"
say '2. associate SMS'
oob_code="$(member oob_code)"

answer="$(curl --silent --request POST --url "$URL/oauth/token" --header "authorization: Bearer $token" --header 'content-type: application/x-www-form-urlencoded' \
  --data 'grant_type=http://auth0.com/oauth/grant-type/mfa-oob' --data-urlencode "mfa_token=$token" --data-urlencode "client_id=$CLIENT_ID" "${secret[@]}" \
  --data-urlencode "oob_code=$oob_code" --data-urlencode "binding_code=$(last_sms_code)")"
say '3. confirm SMS with the code that was sent'
member access_token >/dev/null

mfa_api_token
say '4. a second access token for the MFA API, after passing the SMS challenge'
token="$(member access_token)"

answer="$(curl --silent --request POST --url "$URL/mfa/associate" --header "authorization: Bearer $token" --header 'content-type: application/json' \
  --data '{ "authenticator_types": ["otp"] }')"
say '5. associate a one-time-password app'
totp_secret="$(member secret)"

answer="$(curl --silent --request POST --url "$URL/oauth/token" --header 'content-type: application/x-www-form-urlencoded' \
  --data 'grant_type=http://auth0.com/oauth/grant-type/mfa-otp' --data-urlencode "client_id=$CLIENT_ID" "${secret[@]}" \
  --data-urlencode "mfa_token=$token" --data-urlencode "otp=$(one_time_password "$totp_secret")")"
say '6. confirm the app with its code'
member access_token >/dev/null

answer="$(curl --silent --fail --url "$URL/mfa/authenticators" --header "authorization: Bearer $(member access_token)")"
say '7. what the user has now'
