/**
 * The deployment file: what users write, checked as a whole, with Weft's settings and their
 * defaults.
 */
@NullMarked
package dev.weft.model.deployment;

import org.jspecify.annotations.NullMarked;
