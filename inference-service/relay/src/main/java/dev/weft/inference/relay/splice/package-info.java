/**
 * Changes single values in JSON and leaves every other byte as it is. Everything here belongs to
 * one request.
 */
@NullMarked
package dev.weft.inference.relay.splice;

import org.jspecify.annotations.NullMarked;
