/**
 * What is known of adapters and their versions. Every change of state and the event that tells
 * followers of it are written in one transaction. Owns all tables; blocking, safe for any thread.
 */
@NullMarked
package dev.weft.catalog.registry;

import org.jspecify.annotations.NullMarked;
