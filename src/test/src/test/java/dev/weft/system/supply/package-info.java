/**
 * Tests of the product's parts and of the limits of its processes: its bill of materials, licences,
 * jars and how they start, container image, and a read-only root file system.
 */
@NullMarked
package dev.weft.system.supply;

import org.jspecify.annotations.NullMarked;
