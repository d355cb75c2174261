import { workerData } from "piscina";

/** Returns the `workerData` that the pool gave to this worker. */
export function poolData<T>(): T {
  return workerData as T;
}
