// The real programs on free ports over a data folder of their own, speaking mutual TLS, with a redis-server and a
// collector that takes every span; gone when closed. setpriv: they end with us, whatever becomes of us.

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const KEY = 'key-of-this-test-only';
const BOUND_MS = 30_000;

export async function until(what, condition) {
  const giveUp = Date.now() + BOUND_MS;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > giveUp) throw new Error(`waited in vain: ${what}`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}

export class RunningCity {
  #folder = mkdtempSync(join(tmpdir(), 'cityinfo-metrics-'));
  #children = [];
  #bin;
  #collector = createServer((request, response) => request.resume().on('end', () => response.end('{}')));
  ports = {};

  constructor(bin) {
    this.#bin = bin;
  }

  async start() {
    await new Promise((listening) => this.#collector.listen(0, '127.0.0.1', listening));
    writeFileSync(join(this.#folder, 'keys'), `editor:editor:${createHash('sha256').update(KEY).digest('hex')}\n`);
    this.#makeCertificate();
    const redisPort = await this.#startRedis();
    await this.#launch('articles', [`--data-dir=${this.#folder}`]);
    await this.#launch('metrics', [`--data-dir=${this.#folder}`, `--articles=127.0.0.1:${this.ports.articles.grpc}`, `--redis=127.0.0.1:${redisPort}`]);
    await this.#launch('gateway', [
      `--articles=127.0.0.1:${this.ports.articles.grpc}`, `--metrics=127.0.0.1:${this.ports.metrics.grpc}`,
      `--keys=${join(this.#folder, 'keys')}`,
    ]);
    await until('the city to be ready', async () => (await this.get('/readyz')).body.includes('"status":"ok"'));
  }

  // One certificate that is its own authority and everybody's.
  #makeCertificate() {
    execFileSync('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '1',
      '-subj', '/CN=city', '-addext', 'subjectAltName=IP:127.0.0.1',
      '-keyout', join(this.#folder, 'tls.key'), '-out', join(this.#folder, 'tls.crt'),
    ], { stdio: 'pipe' });
  }

  // redis-server takes no port 0 for "any", so a free one is looked for; when somebody is quicker, again.
  async #startRedis() {
    for (let attempt = 0; attempt < 10; ++attempt) {
      const port = await freePort();
      const child = this.#spawn('redis-server', ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', this.#folder]);
      const ready = await until('redis-server', () => child.output.includes('Ready to accept') ? 'yes' : child.exitCode !== null ? 'no' : null);
      if (ready === 'yes') return port;
    }
    throw new Error('redis-server finds no port');
  }

  async #launch(service, args) {
    const portFile = join(this.#folder, `${service}.ports`);
    const child = this.#spawn(join(this.#bin, `cityinfo-${service}`), [
      '--listen=127.0.0.1:0', '--admin-listen=127.0.0.1:0', `--port-file=${portFile}`,
      `--otlp-endpoint=http://127.0.0.1:${this.#collector.address().port}`, '--trace-sample=1',
      `--tls-cert=${join(this.#folder, 'tls.crt')}`, `--tls-key=${join(this.#folder, 'tls.key')}`,
      `--tls-ca=${join(this.#folder, 'tls.crt')}`, ...args,
    ]);
    await until(`${service} to listen`, () => {
      if (child.exitCode !== null) throw new Error(`${service} ended: ${child.output}`);
      return existsSync(portFile);
    });
    this.ports[service] = JSON.parse(readFileSync(portFile, 'utf8'));
  }

  #spawn(program, args) {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { child.output = (child.output + text).slice(-10_000); });
    this.#children.push(child);
    return child;
  }

  async get(path) {
    const response = await fetch(`http://127.0.0.1:${this.ports.gateway.http}${path}`);
    return { status: response.status, body: await response.text() };
  }

  async post(path, body) {
    const response = await fetch(`http://127.0.0.1:${this.ports.gateway.http}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.text() };
  }

  async scrape(service) {
    return (await fetch(`http://127.0.0.1:${this.ports[service].admin}/metrics`)).text();
  }

  async close() {
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null) continue;
      const ended = new Promise((resume) => child.on('exit', resume));
      child.kill('SIGTERM');
      await ended;
    }
    this.#collector.closeAllConnections?.();
    this.#collector.close();
    rmSync(this.#folder, { recursive: true });
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
