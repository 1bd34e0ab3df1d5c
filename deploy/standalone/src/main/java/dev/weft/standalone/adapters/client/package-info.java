/**
 * The client of the catalog's admin API: what it sends and reads, the token that it sends, and the
 * wait for a version until nothing more happens to it. Blocking; every wait has a deadline.
 */
@NullMarked
package dev.weft.standalone.adapters.client;

import org.jspecify.annotations.NullMarked;
