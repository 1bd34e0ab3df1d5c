/**
 * The client of the catalog's admin API: its requests and answers, its token, and the wait for a
 * version until nothing more happens to it. Calls block; every wait has a deadline.
 */
@NullMarked
package dev.weft.standalone.adapters.client;

import org.jspecify.annotations.NullMarked;
