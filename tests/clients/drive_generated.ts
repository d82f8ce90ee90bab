// Drives the TypeScript client whose types are generated from the registry's own OpenAPI document.
//
//     node drive_generated.js URL API_KEY
//
// It creates, patches, lists and pages, and prints as JSON what it saw. It is type-checked, so it
// reads members and not texts.

import createClient from "openapi-fetch";
import type { components, paths } from "./registry.js";

type Customer = components["schemas"]["Customer"];

declare const process: { argv: [string, string, string, string] };

const [, , url, key] = process.argv;
const client = createClient<paths>({
  baseUrl: url.replace(/\/$/, ""),
  headers: { Authorization: `Bearer ${key}` },
});

function wanted<T>(value: T | undefined, error: unknown): T {
  if (value === undefined) throw new Error(JSON.stringify(error));
  return value;
}

async function create(name: string): Promise<Customer> {
  const { data, error } = await client.POST("/registry/v1/customers", {
    params: { header: { "Idempotency-Key": name } },
    body: { name, external_id: `id ${name}`, country: "DE" },
  });
  const made = wanted(data, error);
  if ("dry_run" in made) throw new Error("it was no dry run");
  return made;
}

async function* pages(limit: number): AsyncGenerator<(string | null)[]> {
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: { limit: number; cursor: string } = { limit, cursor };
    const { data, error } = await client.GET("/registry/v1/customers", { params: { query } });
    const page = wanted(data, error);
    yield page.data.map((customer) => customer.name);
    cursor = page.next_cursor;
  }
}

async function main() {
  const first = await create("One");
  for (const name of ["Two", "Three", "Four", "Five"]) await create(name);
  const path = { id: first.id };

  const patched = await client.PATCH("/registry/v1/customers/{id}", {
    params: { path, header: { "If-Match": `"${first.version}"` } },
    body: { city: "Ulm", country: null },
  });
  const changed = wanted(patched.data, patched.error);
  if ("dry_run" in changed) throw new Error("it was no dry run");
  const read = await client.GET("/registry/v1/customers/{id}", { params: { path } });
  const found = wanted(read.data, read.error);
  const dry = await client.PATCH("/registry/v1/customers/{id}", {
    params: { path, query: { dry_run: "true" } },
    body: { city: "Bonn" },
  });
  const rehearsed = wanted(dry.data, dry.error);
  if (!("dry_run" in rehearsed)) throw new Error("it was no dry run");
  const stale = await client.PATCH("/registry/v1/customers/{id}", {
    params: { path, header: { "If-Match": '"1"' } },
    body: { city: "Bonn" },
  });
  const wrong = await client.POST("/registry/v1/customers", { body: { country: "Mars" } });
  const later = await client.GET("/registry/v1/customers", {
    params: { query: { created_from: first.created_at, country: "DE" } },
  });
  const seen: (string | null)[][] = [];
  for await (const names of pages(2)) seen.push(names);

  console.log(
    JSON.stringify({
      created: [first.name, first.version, !Number.isNaN(Date.parse(first.created_at))],
      changed: [changed.city, changed.country, changed.version],
      found: [found.city, found.version],
      rehearsed: [rehearsed.outcome, rehearsed.changes["city"]?.new],
      refused: [stale.error?.status, wrong.error?.status, wrong.error?.errors[0]?.pointer],
      listed: wanted(later.data, later.error).data.map((customer) => customer.name),
      pages: seen,
    }),
  );
}

await main();
