// How the landing page looks: system fonts, light and dark, one column on a phone.

/** style.css */
export const landingStyle = `:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --surface: #ffffff; --line: #d9dde3; --text: #1b2430; --quiet: #556170; --accent: #0b5fb0;
}
@media (prefers-color-scheme: dark) {
  :root { --ground: #12161c; --surface: #1b2129; --line: #323b47; --text: #e8ecf1; --quiet: #a3afbd; --accent: #7fb8f5; }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 54rem; padding: 2rem 1.25rem 3rem;
  background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
}
header { display: flex; align-items: center; gap: 1rem; margin-bottom: 2rem; }
header img { flex: none; }
h1, h2, h3, p, ul, dl, dd { margin: 0; }
h1 { font-size: 1.5rem; line-height: 1.2; }
h2 { font-size: 1rem; margin: 2rem 0 .75rem; color: var(--quiet); }
h3 { font-size: 1.125rem; overflow-wrap: anywhere; }
header p, .card p, footer { color: var(--quiet); }
ul { list-style: none; padding: 0; }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); }
.card {
  display: flex; flex-direction: column; gap: .5rem; padding: 1rem 1.125rem;
  background: var(--surface); border: 1px solid var(--line); border-radius: .625rem;
}
dl { display: grid; align-items: baseline; grid-template-columns: auto 1fr; gap: .125rem .75rem; }
dt { color: var(--quiet); font-size: .875rem; }
.card .links { margin-top: auto; padding-top: .25rem; }
code { font: .875em ui-monospace, monospace; overflow-wrap: anywhere; color: var(--text); }
a { display: inline-block; padding: .375rem 0; color: var(--accent); font-weight: 600; overflow-wrap: anywhere; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .875rem; }
footer p + p { margin-top: .25rem; }
footer code { white-space: nowrap; }
`;

/** icon.svg: a closed box of layers. */
export const landingIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">
  <rect width="40" height="40" rx="9" fill="#0b5fb0"/>
  <path d="M9 13.5 20 8l11 5.5L20 19z" fill="#fff"/>
  <path d="m9 20 11 5.5L31 20M9 26.5l11 5.5 11-5.5" fill="none" stroke="#fff" stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round"/>
</svg>
`;
