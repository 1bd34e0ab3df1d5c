/**
 * HTTP to addresses that were checked: names are resolved once, every address is held against the
 * rules, and the connection goes to what was checked. One request at a time, no redirect is
 * followed here, silence and trickles end. Blocking, meant for virtual threads; knows nothing of
 * repositories.
 */
@NullMarked
package dev.weft.source.http;

import org.jspecify.annotations.NullMarked;
