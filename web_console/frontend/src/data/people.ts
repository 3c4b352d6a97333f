import type { Schemas } from "../wire/schema";

/** Somebody of the staff, as projections name them. */
export type Named = Schemas["Name"];
export type Role = Schemas["Role"];

/** Who is signed in. `organisation_id`: their school, institution or team. */
export type User = Schemas["UserView"];
