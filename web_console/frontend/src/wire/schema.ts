import type { components } from "./schema.gen";

/** A schema of the server's by its name. `schema.gen.ts` is made from them by `npm run types`; nobody writes them down again. */
export type Schemas = components["schemas"];
