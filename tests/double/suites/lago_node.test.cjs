// What `lago-javascript-client` does when something goes wrong: a suite of its user's, for the test
// runner of Node.js.
//
//     REGISTRY=http://127.0.0.1:8123 node --test lago_node.test.cjs

const assert = require("node:assert/strict");
const { before, beforeEach, test } = require("node:test");
const { Client, LagoRateLimitError, getLagoError } = require("lago-javascript-client");

const REGISTRY = process.env.REGISTRY;
const customer = { external_id: "new", name: "New" };
let key;

/** What the control address of the double answers. */
async function ask(method, name, body) {
  const content = body && JSON.stringify(body);
  const answer = await fetch(`${REGISTRY}/_double/${name}`, { method, body: content });
  const text = await answer.text();
  assert.ok(answer.ok, text);
  return text && JSON.parse(text);
}

/** Have the next requests to Lago's contract meet a fault. */
const meet = (kind, more) => ask("POST", "faults", { kind, contract: "lago", ...more });

const customers = (options) => Client(key, { baseUrl: `${REGISTRY}/api/v1`, ...options }).customers;
const create = (options, given) => customers(options).createCustomer({ customer }, given);
const statuses = async () => (await ask("GET", "requests")).map(({ status }) => status);

async function stored() {
  const { data } = await customers().findAllCustomers({});
  return data.customers.map(({ external_id }) => external_id);
}

before(async () => {
  key = (await ask("GET", "keys/empty")).key;
});
beforeEach(() => ask("POST", "reset"));

test("it does not try again by itself", async () => {
  await meet("rate-limited");
  const refused = await create().catch((error) => error);
  assert.equal(refused.status, 429);
  assert.equal((await getLagoError(refused)).status, 429);
  assert.deepEqual(await statuses(), [429]);
});

test("told to, it waits as long as it is told and tries again", async () => {
  await meet("rate-limited", { seconds: 1 });
  const began = performance.now();
  const { data } = await create({ rateLimitRetry: {} });
  assert.equal(data.customer.external_id, "new");
  assert.ok(performance.now() - began >= 1000);
  assert.deepEqual(await statuses(), [429, 200]);
});

test("it gives up with the limit that it was told", async () => {
  await meet("rate-limited", { seconds: 7 });
  const raised = await create({ rateLimitRetry: { maxRetries: 0 } }).catch((error) => error);
  assert.ok(raised instanceof LagoRateLimitError);
  assert.deepEqual([raised.limit, raised.remaining, raised.reset], [120, 0, 7]);
});

test("it reads an outage, and does not try again", async () => {
  await meet("unavailable");
  const refused = await create({ rateLimitRetry: {} }).catch((error) => error);
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get("retry-after"), "1");
  assert.deepEqual(await statuses(), [503]);
});

test("a lost answer is a failed fetch, and an idempotency key makes it safe to repeat", async () => {
  await meet("lost-answer", { method: "POST" });
  const given = { headers: { "Idempotency-Key": "once" } };
  await assert.rejects(create({}, given), TypeError);
  assert.deepEqual(await stored(), ["new"]);
  const again = await create({}, given);
  assert.equal(again.headers.get("idempotent-replayed"), "true");
  assert.deepEqual(await stored(), ["new"]);
});

test("a connection that is reset is a failed fetch, and nothing is stored", async () => {
  await meet("connection-reset");
  await assert.rejects(create(), TypeError);
  assert.deepEqual(await stored(), []);
});

test("it waits for ever unless it is given a signal", async () => {
  await meet("timeout");
  const signal = AbortSignal.timeout(300);
  await assert.rejects(customers().findCustomer("new", { signal }), { name: "TimeoutError" });
  assert.deepEqual(await statuses(), [null]);
});

test("an answer that its signal cuts off is a success without data", async () => {
  await create();
  await meet("slow-body", { seconds: 5 });
  const signal = AbortSignal.timeout(300);
  const began = performance.now();
  const cut = await customers().findCustomer("new", { signal });
  assert.ok(performance.now() - began < 4000);
  assert.deepEqual([cut.ok, cut.data, cut.error.name], [true, null, "TimeoutError"]);
});
