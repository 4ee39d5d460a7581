// Processes of a test: started, waited for, and ended with it.
import { spawn } from "node:child_process";
import { createServer } from "node:net";

/** A port of loopback that was free a moment ago. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asks `condition` again and again until it gives something true, and gives that; throws after `seconds`. */
export async function waitUntil(what, condition, seconds = 30) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A child that is killed when the test is over; `context` is the test's. */
export class Child {
  constructor(context, command, args, options = {}) {
    this.output = "";
    this.process = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on("data", (data) => (this.output += data));
    }
    this.ended = new Promise((resolve) => this.process.once("close", (code, signal) => resolve({ code, signal })));
    this.process.once("error", (error) => (this.output += error.message));
    context.after(() => this.kill());
  }

  /** kill -9, and waits for the end. */
  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
  }
}
