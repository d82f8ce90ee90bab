// Drives `lago-javascript-client` 1.53.0.
//
//     node drive_javascript.cjs API_URL API_KEY < STEPS
//
// STEPS is a JSON list of `[verb, argument]`. A JSON list of what each gave is printed.

const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { Client, getLagoError } = require("lago-javascript-client");

const home = dirname(dirname(require.resolve("lago-javascript-client")));
const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf-8"));

const [, , url, key] = process.argv;
const { customers } = Client(key, { baseUrl: `${url}api/v1` });
const verbs = {
  version: async () => version,
  create: async (customer) => (await customers.createCustomer({ customer })).data.customer,
  find: async (id) => (await customers.findCustomer(id)).data.customer,
  find_all: async (query) => (await customers.findAllCustomers(query)).data,
  destroy: async (id) => (await customers.destroyCustomer(id)).data.customer,
};

async function main() {
  const results = [];
  for (const [verb, argument] of JSON.parse(readFileSync(0, "utf-8"))) {
    try {
      results.push(await verbs[verb](argument));
    } catch (error) {
      results.push({ refused: error.status, response: await getLagoError(error) });
    }
  }
  process.stdout.write(JSON.stringify(results));
}

main();
