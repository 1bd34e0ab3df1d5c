/**
 * The names that this worker answers to: the base and the catalog's adapters. Reads the catalog's
 * view; owns nothing.
 */
@NullMarked
package dev.weft.inference.server.models;

import org.jspecify.annotations.NullMarked;
