package dev.weft.catalog;

import dev.weft.catalog.fault.TenantRoom;

/** What no test runs out of. */
public final class RoomForAll {
    public static final TenantRoom ROOM = new TenantRoom("things", 1_000_000, "a.setting");

    private RoomForAll() {}
}
