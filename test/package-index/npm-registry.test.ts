import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type NpmRegistry, readNpmRegistry } from '../../src/package-index/settings/npm-registry';
import { makeFolder } from '../helpers/folders';

/** What is used with this user's file, and no other settings. */
function read(npmrc: string, variables: NodeJS.ProcessEnv = {}): Promise<NpmRegistry> {
  const home = makeFolder();
  writeFileSync(path.join(home, '.npmrc'), npmrc);
  const environment = { HOME: home, npm_config_globalconfig: path.join(home, 'none'), ...variables };
  return readNpmRegistry('@fontsource', environment);
}

/** The header for the registry itself, and for another server. */
async function logins(npmrc: string, variables: NodeJS.ProcessEnv = {}): Promise<readonly (string | undefined)[]> {
  const { url, connection } = await read(npmrc, variables);
  return [new URL(url), new URL('https://other.test/')].map((server) => connection.authorization?.(server));
}

const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`;

test.each<[string, string, NodeJS.ProcessEnv, string]>([
  ['none', '', {}, 'https://registry.npmjs.org/'],
  ["the user's", 'registry = https://mirror.test/npm', {}, 'https://mirror.test/npm/'],
  ["the scope's wins", '@fontsource:registry=https://fonts.test/\nregistry=https://a.test/', {}, 'https://fonts.test/'],
  ['another scope', '@mine:registry=https://mine.test/', {}, 'https://registry.npmjs.org/'],
  ['a variable wins', 'registry=https://a.test/', { npm_config_registry: 'https://b.test/' }, 'https://b.test/'],
])('registry: %s', async (_, npmrc, variables, expected) => {
  expect((await read(npmrc, variables)).url).toBe(expected);
});

test.each<[string, string, NodeJS.ProcessEnv, string | undefined]>([
  ['none', 'registry=https://a.test/', {}, undefined],
  ['a token', 'registry=https://a.test/\n//a.test/:_authToken=abc=', {}, 'Bearer abc='],
  ['a token of the path', 'registry=https://a.test/x/y\n//a.test/x/:_authToken=abc', {}, 'Bearer abc'],
  ['a token of another path', 'registry=https://a.test/x\n//a.test/y/:_authToken=abc', {}, undefined],
  ['a port', 'registry=http://a.test:81/\n//a.test:81/:_authToken=abc', {}, 'Bearer abc'],
  ['both in one', 'registry=https://a.test/\n//a.test/:_auth=eDp5', {}, 'Basic eDp5'],
  ['a name', 'registry=https://a.test/\n//a.test/:username=x\n//a.test/:_password=eQ==', {}, basic('x:y')],
  ['in the URL', 'registry=https://x:y%40@a.test/', {}, basic('x:y@')],
  ['a variable', 'registry=https://a.test/', { 'npm_config_//a.test/:_authToken': 'abc' }, 'Bearer abc'],
])('login: %s', async (_, npmrc, variables, expected) => {
  expect(await logins(npmrc, variables)).toEqual([expected, undefined]);
});

test('a login in the URL is not part of it', async () => {
  expect((await read('registry=https://x:y@a.test/')).url).toBe('https://a.test/');
});

test("npm's proxies win over the variables, and may be turned off", async () => {
  const variables = { HTTPS_PROXY: 'http://env.test:1', NO_PROXY: 'env.test' };
  const proxies = async (npmrc: string): Promise<unknown> => (await read(npmrc, variables)).connection.proxies;
  expect(await proxies('')).toEqual({ http: '', https: 'http://env.test:1', except: 'env.test' });
  expect(await proxies('https-proxy=npm.test:2\nnoproxy=a.test')).toMatchObject({
    ...{ https: 'http://npm.test:2/', except: 'a.test' },
  });
  expect(await proxies('https-proxy=false')).toMatchObject({ https: '' });
});

test('certificates are not checked only if npm is told so, and only for the registry', async () => {
  const trusts = async (npmrc: string): Promise<unknown> => {
    const { trusts: ask } = (await read(npmrc)).connection;
    return ['https://registry.npmjs.org/', 'https://other.test/'].map((url) => ask?.(new URL(url)) ?? false);
  };
  expect(await trusts('')).toEqual([false, false]);
  expect(await trusts('strict-ssl=false')).toEqual([true, false]);
});
