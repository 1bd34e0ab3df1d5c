/**
 * What the product is made of and how its processes are confined: its bill of materials, licences,
 * jars, container image, and a root file system that can't be written to.
 */
@NullMarked
package dev.weft.system.supply;

import org.jspecify.annotations.NullMarked;
