import { workerData } from "piscina";

/** In a worker: what its pool was given as `workerData`. */
export function poolData<T>(): T {
  return workerData as T;
}
