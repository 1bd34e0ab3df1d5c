/**
 * Tests across the services: real checkpoint, engine, catalog and gateway over real HTTP. Each
 * feature has a package; what all of them start and ask is in {@code fleet}.
 */
@NullMarked
package dev.weft.system;

import org.jspecify.annotations.NullMarked;
