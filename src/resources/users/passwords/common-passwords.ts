/**
 * Passwords that everybody tries first: well-known ones, written down from general knowledge. It is far shorter than the ten thousand
 * words of Auth0's list (docs/compat/database-connection-options.md says so); endings that people add are looked through.
 */
const WORDS = `
000000 00000000 101010 102030 1111 111111 11111111 112233 11223344 121212 121314 123123 123321 1234 12341234
12344321 12345 123456 1234567 12345678 123456789 1234567890 123456a 1234abcd 1234qwer 123654 123qwe 12qwaszx
131313 147258 147258369 159357 159753 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 2000 222222 333333 444444 50cent
555555 654321 666666 696969 741852963 777777 7777777 789456 789456123 87654321 888888 88888888 963852741
987654321 999999 a123456 a1b2c3 aa123456 aaaaaa aaaaaaaa abc123 abc12345 abcabc abcd1234 abcdef abcdefg
abcdefgh access adm1n admin admin123 admin1234 administrator alexander amanda amber america andrew angel
angels anna anthony apple arsenal asd123 asdasd asdf asdfasdf asdfgh asdfghjkl ashley asshole austin
australia autumn autumn123 azerty azertyuiop baby babyboy babygirl backup bailey banana barbara barcelona
baseball baseball1 batman batman1 bella benjamin berlin bigdaddy bitch biteme blessed blink182 bmw brandon
brazil brian brittany brother buddy buster butterfly camaro canada changeit changeme charlie cheese chelsea
chelsea1 cherry chicken chocolate christ christopher cisco cocacola coffee company computer contrasena
cookie cookie1 corvette cowboys crystal cupcake cutie daddy daisy dallas dance daniel danielle david
december default demo diamond donald dragon dragon1 eagles elizabeth emily eminem england eric facebook
family father february ferrari ficken flower football football1 forever freedom friday friends fuckme
fuckyou fuckyou1 gamer gandalf garfield george ginger gmail golden google grandma greenday guest guitar
hacked hacker hallo hallo123 hammer hannah harley harley1 haslo heather heaven hello heslo hockey hola honda
honey hotmail hottie hunter iloveyou iloveyou1 internet jack jackson january jasmine jason jennifer jessica
jesus jordan jordan23 joseph joshua justin juventus kevin killer killer1 l3tm31n lakers laura lauren letmein
letmein1 letmein123 linux liverpool login london losenord lovely loveme lover loveyou lucky maggie manager
manchester maria marlboro martin master master1 matrix matthew max melissa mercedes merlin metallica mexico
michael michael1 michelle mickey minecraft molly mommy monday monica monkey monkey1 motdepasse mother music
mustang mustang1 mypass mypassword mysql naruto natalie natasha nathan network newpassword nicole ninja
nirvana nokia none nopassword november null october office oliver oracle orange p4ssw0rd p@55w0rd p@ssw0rd
p@ssword pa$$w0rd pa$$word pa55w0rd pa55word paris parola pass pass123 pass1234 passw0rd passw0rd1 password
password! password1 password12 password123 password1234 password2 password2020 password2021 password2022
password2023 password2024 password2025 password3 password99 passwort patricia patrick peanut pepper pepsi
phoenix player pokemon porsche postgres princess princess1 private pumpkin purple pussy q1w2e3r4 qazwsx
qwe123 qweasd qweasdzxc qwer1234 qwerqwer qwerty qwerty1 qwerty12 qwerty123 qwerty12345 qwertyuiop qwertz
r00t rachel rainbow ranger rangers raspberry rebecca redsox richard robert rock rocky rockyou root ryan sa
salasana samantha samsung samuel sarah schatz scooter secret secret1 security senha server sexy sexyboy
sexygirl shadow shadow1 silver sister slipknot snoopy snowball soccer sophie sparky spiderman spring
spring123 startrek starwars steelers stephanie steven strawberry summer summer123 summer2020 summer2021
summer2022 summer2023 summer2024 summer2025 sunday sunflower sunshine sunshine1 superman superman1
supersecret suzuki sweetie sweety system taylor teddy teddybear temp temp123 temppass test test123 test1234
testing thomas thunder tiffany tigger toor topsecret toyota trustno1 twitter tyler ubuntu user vanessa
victoria viper wachtwoord welcome welcome1 welcome123 welcome2 whatever william windows winter winter123
winter2020 winter2021 winter2022 winter2023 winter2024 winter2025 xxxxxx yahoo yamaha yankees yellow zxcv
zxcvbn zxcvbnm zzzzzz
`;

const COMMON: ReadonlySet<string> = new Set(WORDS.split(/\s+/).filter((word) => word !== ''));

/** `lower`, or `lower` without the digits and signs at its end, is a password that everybody tries first. `lower` is in lower case. */
export function isCommonPassword(lower: string): boolean {
  if (COMMON.has(lower)) return true;
  const stem = lower.replace(/[\d!?.*#$@_-]{1,4}$/, '');
  return stem.length >= 4 && COMMON.has(stem);
}
