/**
 * HTTP to checked addresses: names are resolved once, every address is checked against the rules,
 * and the connection goes to a checked address. One request runs at a time, no redirect is followed
 * here, and answers that stall are ended. The package blocks, is meant for virtual threads, and
 * knows nothing of repositories.
 */
@NullMarked
package dev.weft.source.http;

import org.jspecify.annotations.NullMarked;
