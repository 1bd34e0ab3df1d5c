/**
 * Adapters on this machine's disk: fetched from the catalog, checked against their digest and read
 * for the engine. It owns the worker's folder of artifacts and the threads that load; tenants take
 * turns on them.
 */
@NullMarked
package dev.weft.inference.server.residency.artifact;

import org.jspecify.annotations.NullMarked;
