package dev.weft.catalog.access;

import dev.weft.catalog.registry.Role;
import org.jspecify.annotations.Nullable;

/**
 * Whom a request is from.
 *
 * @param name for the audit log
 * @param tenant the only one it may ask for; null for any
 */
record Principal(String name, Role role, @Nullable String tenant) {}
