/** The style sheet of every page. The theme's colours come in as custom properties (theme.ts). */
export const styles = `
:root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--text:#15181e;--muted:#5a6270;--line:#d3d8e0;--edge:#858d9b;--soft:#eef0f4;
--link:var(--link-light);--bad:#b3261e;--bad-soft:#fdecea;--good:#12703a;--good-soft:#e7f5ec;
--shadow:0 1px 2px rgb(16 24 40/.05),0 12px 32px -8px rgb(16 24 40/.14)}
@media (prefers-color-scheme:dark){:root{--page:#0e1014;--card:#1a1d24;--text:#f1f3f6;--muted:#a4acba;--line:#3c424f;--edge:#767f90;
--soft:#252932;--link:var(--link-dark);--bad:#ffb4ab;--bad-soft:#3a1d1b;--good:#8fdcaa;--good-soft:#17301f;
--shadow:0 0 0 1px #262b34,0 16px 40px -12px rgb(0 0 0/.6)}}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;align-items:center;justify-content:center;
padding:32px 16px;background:var(--page) fixed;color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,sans-serif;-webkit-font-smoothing:antialiased;overflow-wrap:anywhere}
.card{width:100%;max-width:416px;padding:40px;background:var(--card);border-radius:16px;box-shadow:var(--shadow)}
.wide .card{max-width:1080px}
.wide{justify-content:flex-start}
.brand{display:flex;justify-content:center;margin-bottom:20px}
.brand img{display:block;max-width:200px;max-height:52px}
.wide .brand{justify-content:flex-start}
.monogram{display:grid;place-items:center;width:52px;height:52px;border-radius:14px;background:var(--primary);
color:var(--on-primary);font-size:24px;font-weight:600;line-height:1}
h1{margin:0;font-size:24px;line-height:1.25;font-weight:650;letter-spacing:-.015em;text-align:center;text-wrap:balance}
.wide h1{text-align:left}
h2{margin:32px 0 12px;font-size:17px;line-height:1.35;font-weight:650;letter-spacing:-.005em}
.lead{margin:8px 0 0;color:var(--muted);text-align:center;text-wrap:pretty}
.wide .lead{text-align:start}
.lead+.lead{margin-top:4px}
.lead strong{color:var(--text);font-weight:600}
p{margin:0 0 16px}
form,.content{margin:24px 0 0;display:flex;flex-direction:column;gap:16px}
form p,.content p{margin:0}
a,.link{color:var(--link);font-weight:550;text-decoration:none;text-underline-offset:3px}
a:hover,.link:hover{text-decoration:underline}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.field{display:flex;flex-direction:column;gap:6px}
label,legend{font-size:15px;font-weight:550;line-height:1.4}
.optional{color:var(--muted);font-weight:400}
.hint{color:var(--muted);font-size:14px;line-height:1.45}
.input{width:100%;height:48px;padding:0 14px;border:1px solid var(--edge);border-radius:10px;background:var(--card);
color:inherit;font:inherit;transition:border-color .12s}
.input:hover{border-color:var(--text)}
.input[readonly]{background:var(--soft);color:var(--muted)}
.input:focus{outline:3px solid color-mix(in srgb,var(--link) 32%,transparent);outline-offset:0;border-color:var(--link)}
.input[aria-invalid=true]{border-color:var(--bad)}
.input[aria-invalid=true]:focus{outline-color:color-mix(in srgb,var(--bad) 32%,transparent)}
.input::placeholder{color:var(--muted);opacity:1}
.digits{font-variant-numeric:tabular-nums;font-size:22px;letter-spacing:.28em;text-align:center}
.letters{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:.06em;text-transform:uppercase}
.with-toggle{position:relative}
.with-toggle .input{padding-right:72px}
.with-toggle .input:-webkit-autofill{border-radius:10px}
.toggle{position:absolute;right:6px;top:6px;height:36px;padding:0 10px;border:0;border-radius:7px;background:none;
color:var(--muted);font:550 14px/1 inherit;font-family:inherit;cursor:pointer}
.toggle:hover{color:var(--text);background:var(--soft)}
.error{display:flex;gap:6px;color:var(--bad);font-size:14px;line-height:1.45;font-weight:500}
.error svg{flex:none;margin-top:2px}
.alert{padding:12px 14px;border-radius:10px;font-size:15px;line-height:1.45;background:var(--soft)}
.alert.bad{background:var(--bad-soft);color:var(--bad);font-weight:500}
.alert.good{background:var(--good-soft);color:var(--good);font-weight:500}
.between{display:flex;justify-content:flex-end;font-size:15px;margin-top:-6px}
.check{display:flex;gap:10px;align-items:flex-start;font-weight:400;cursor:pointer;padding:2px 0}
input[type=checkbox],input[type=radio]{flex:none;width:18px;height:18px;margin:2px 0 0;accent-color:var(--link)}
fieldset{margin:0;padding:0;border:0;min-width:0}
legend{padding:0;margin-bottom:6px}
.choices{display:grid;grid-template-columns:1fr 1fr;gap:8px}
.choices .check{padding:11px 12px;border:1px solid var(--edge);border-radius:10px}
.choices .check:has(:checked){border-color:var(--link);box-shadow:inset 0 0 0 1px var(--link)}
.button{display:flex;align-items:center;justify-content:center;width:100%;min-height:48px;padding:10px 18px;border:1px solid
transparent;border-radius:10px;background:var(--primary);color:var(--on-primary);font:inherit;font-weight:600;line-height:1.3;
text-align:center;text-decoration:none;cursor:pointer;transition:filter .12s}
.button:hover{filter:brightness(1.08);text-decoration:none}
.button:active{filter:brightness(.94)}
.button:focus-visible{border-radius:10px}
.quiet{background:transparent;border-color:var(--edge);color:var(--text)}
.quiet:hover{background:var(--soft);filter:none}
.link{padding:4px 2px;border:0;background:none;font:inherit;font-weight:550;cursor:pointer}
.actions{display:flex;flex-direction:column;gap:10px}
.actions img{margin-right:10px}
.or{display:flex;align-items:center;gap:12px;color:var(--muted);font-size:15px}
.or::before,.or::after{content:"";flex:1;border-top:1px solid var(--line)}
.spoken{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.links{display:flex;flex-direction:column;align-items:center;gap:6px;font-size:15px;text-align:center}
.links p{color:var(--muted)}
ul,ol{margin:0;padding:0;list-style:none}
.rules{font-size:14px;line-height:1.45;color:var(--muted);padding:12px 14px;border-radius:10px;background:var(--soft)}
.rules p{margin-bottom:4px}
.rules li{position:relative;padding:2px 0 2px 22px}
.rules ul ul{margin-left:-2px}
.rules li::before{content:"";position:absolute;left:5px;top:10px;width:6px;height:6px;border-radius:50%;background:currentcolor;opacity:.6}
.rules .met{color:var(--good)}
.rules .unmet{color:var(--bad)}
.rules .met::before,.rules .unmet::before{background:none;width:auto;height:auto;border-radius:0;opacity:1;font-weight:700;left:2px;top:2px}
.rules .met::before{content:"\\2713"/""}
.rules .unmet::before{content:"\\2715"/""}
.options{display:flex;flex-direction:column;gap:10px}
.option{display:flex;align-items:center;gap:14px;width:100%;min-height:60px;padding:10px 16px;border:1px solid var(--edge);
border-radius:12px;background:none;color:inherit;font:inherit;text-align:start;cursor:pointer}
.option:hover{background:var(--soft);border-color:var(--muted)}
.option:focus-visible{border-radius:12px}
.option>svg{flex:none;color:var(--link)}
.option .mark{flex:none;width:36px;height:36px;border-radius:8px;object-fit:contain;font-size:17px}
.option .mark.monogram{display:grid}
.option .chevron{display:grid;margin-inline-start:auto;color:var(--muted)}
.option span{display:block}
.option .name{font-weight:600;line-height:1.35}
.option .hint{margin-top:1px}
.steps{counter-reset:step;display:flex;flex-direction:column;gap:18px}
.steps>li{counter-increment:step;position:relative;padding-inline-start:38px;display:flex;flex-direction:column;gap:12px}
.steps>li::before{content:counter(step);position:absolute;inset-inline-start:0;top:0;width:24px;height:24px;border-radius:50%;
background:var(--soft);font-size:13px;font-weight:650;display:grid;place-items:center}
.qr{align-self:center;width:196px;padding:10px;border-radius:12px;background:#fff;border:1px solid var(--line);line-height:0}
.steps .qr{align-self:flex-start}
.qr svg{display:block;width:100%;height:auto}
.secret{display:flex;flex-wrap:wrap;align-items:center;gap:4px 10px;padding:12px 14px;border-radius:10px;background:var(--soft);
font:600 15px/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:.04em;user-select:all}
.secret span{user-select:all}
.secret.big{display:grid;grid-template-columns:repeat(3,auto);justify-content:center;gap:4px 18px;font-size:20px;padding:18px 12px}
details summary{cursor:pointer;color:var(--link);font-weight:550;font-size:15px;padding:2px 0}
details[open] summary{margin-bottom:10px}
.waiting{display:flex;align-items:center;justify-content:center;gap:10px;color:var(--muted);font-size:15px}
.waiting::before{content:"";width:18px;height:18px;border-radius:50%;border:2.5px solid var(--line);border-top-color:var(--link);
animation:spin 1s linear infinite}
@keyframes spin{to{transform:rotate(1turn)}}
.badge{display:grid;place-items:center;width:56px;height:56px;margin:0 auto 18px;border-radius:50%;background:var(--soft);color:var(--muted)}
.badge.good{background:var(--good-soft);color:var(--good)}
.badge.bad{background:var(--bad-soft);color:var(--bad)}
.scopes{display:flex;flex-direction:column;gap:10px;padding:16px;border:1px solid var(--line);border-radius:12px}
.scopes li{display:flex;gap:10px}
.detail{padding:16px;border:1px solid var(--line);border-radius:12px}
.detail h2{margin:0 0 8px;font-size:16px;overflow-wrap:anywhere}
.detail dl{display:flex;flex-direction:column;gap:8px;margin:0;padding:0;background:none}
.detail dl>div{display:block}
.detail dt,.detail dd{unicode-bidi:isolate;overflow-wrap:anywhere}
.detail dt{color:var(--muted);font-size:14px}
.detail dd{margin:0;font:inherit;text-align:start}
.scopes svg{flex:none;margin-top:2px;color:var(--good)}
.user-code{font:650 30px/1.2 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:.1em;text-align:center}
.target{padding:12px 14px;border-radius:10px;background:var(--soft);font-size:15px;text-align:center;font-weight:550}
dl{margin:0;display:grid;grid-template-columns:auto 1fr;gap:6px 16px;font-size:14px;padding:14px;border-radius:10px;background:var(--soft)}
dt{color:var(--muted)}
dd{margin:0;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.row{display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px}
.row form{margin:0;display:flex;flex-direction:row;gap:8px}
.heading{margin:32px 0 12px}
.heading h2{margin:0 auto 0 0}
@media (min-width:860px){.columns{display:grid;grid-template-columns:1fr 320px;gap:0 40px;align-items:start}}
.side dl{grid-template-columns:1fr;gap:0}
.side dd{margin-bottom:8px}
.row time{margin-inline-end:auto;color:var(--muted);font-size:14px}
.small{width:auto;min-height:36px;padding:5px 14px;font-size:14px}
.tag{padding:2px 9px;border-radius:99px;background:var(--soft);color:var(--muted);font-size:13px;font-weight:600}
.messages{display:flex;flex-direction:column;gap:12px}
.message{display:flex;flex-direction:column;gap:8px;padding:16px;border:1px solid var(--line);border-radius:12px}
.message p{margin:0}
.message .code{font:650 26px/1.2 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:.12em;user-select:all}
pre{margin:0;padding:12px 14px;border-radius:10px;background:var(--soft);white-space:pre-wrap;
font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media (hover:hover) and (min-width:481px){.on-phone{display:none}}
[hidden]{display:none!important}
@media (max-width:480px){body{padding:0;background:var(--card);justify-content:flex-start}
.card{max-width:none;padding:36px 20px 32px;border-radius:0;box-shadow:none}}
@media (prefers-reduced-motion:reduce){*{transition:none!important}.waiting::before{animation-duration:6s}}
@media (forced-colors:active){.button,.input,.option{border-color:ButtonText}}
`;
