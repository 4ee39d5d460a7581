// What a mobile team writes against the types made from the document; compiled, not run.
import createClient from "openapi-fetch";
import type { paths, components } from "./api.js";

const client = createClient<paths>({ baseUrl: "http://127.0.0.1:8080" });

export async function newest(): Promise<string[]> {
  const { data, error } = await client.GET("/v1/articles", { params: { query: { pageSize: 20 } } });
  if (error) throw new Error(`${error.error.status}: ${error.error.message}`);
  return data.articles.map((article) => article.title ?? "");
}

export async function series(indicator: string): Promise<Array<[string, number]>> {
  const { data } = await client.GET("/v1/observations", {
    params: { query: { indicators: [indicator], places: ["522601"], measures: ["LEVEL"], units: "LIN" } },
  });
  const observations: components["schemas"]["Observation"][] = data?.observations ?? [];
  return observations.map((one) => [one.period ?? "", one.value ?? 0]);
}

export async function publish(id: string, key: string): Promise<components["schemas"]["Article"] | undefined> {
  const { data } = await client.POST("/v1/articles/{article}:publish", {
    params: { path: { article: id } },
    headers: { authorization: `Bearer ${key}` },
    body: {},
  });
  return data;
}

// @ts-expect-error: there is no such path
export const nowhere = () => client.GET("/v1/nothing", {});
