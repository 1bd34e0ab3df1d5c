/** Tests across the services: real checkpoint, engine, catalog and gateway over real HTTP. */
@NullMarked
package dev.weft.system;

import org.jspecify.annotations.NullMarked;
