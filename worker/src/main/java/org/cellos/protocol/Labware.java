package org.cellos.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What may stand on a robot's deck. Dimensions are those of Opentrons' own labware definitions,
 * version 2, of its Python package 8.8.2.
 */
public enum Labware {
  CORNING_96("corning_96_wellplate_360ul_flat", Kind.PLATE, 8, 12, 360, 6.858),
  CORNING_48("corning_48_wellplate_1.6ml_flat", Kind.PLATE, 6, 8, 1_600, 11.1),
  CORNING_24("corning_24_wellplate_3.4ml_flat", Kind.PLATE, 4, 6, 3_400, 16.256),
  CORNING_12("corning_12_wellplate_6.9ml_flat", Kind.PLATE, 3, 4, 6_900, 22.733),
  CORNING_6("corning_6_wellplate_16.8ml_flat", Kind.PLATE, 2, 3, 16_800, 35.433),
  NEST_12("nest_12_reservoir_15ml", Kind.RESERVOIR, 1, 12, 15_000, 8.35),
  NEST_1("nest_1_reservoir_195ml", Kind.RESERVOIR, 1, 1, 195_000, 107.3),
  AGILENT_1("agilent_1_reservoir_290ml", Kind.RESERVOIR, 1, 1, 290_000, 107.5),
  TIPS_20("opentrons_96_tiprack_20ul", Kind.TIPS, 8, 12, 20, 3.27),
  TIPS_200("opentrons_96_filtertiprack_200ul", Kind.TIPS, 8, 12, 200, 5.23),
  TIPS_300("opentrons_96_tiprack_300ul", Kind.TIPS, 8, 12, 300, 5.23),
  TIPS_1000("opentrons_96_tiprack_1000ul", Kind.TIPS, 8, 12, 1_000, 7.23),
  FILTER_TIPS_1000("opentrons_96_filtertiprack_1000ul", Kind.TIPS, 8, 12, 1_000, 7.23);

  /** What it is for. */
  public enum Kind {
    PLATE,
    RESERVOIR,
    TIPS
  }

  private final String loadName;
  private final Kind kind;
  private final int rows;
  private final int columns;
  private final double maxMicrolitres;
  private final double wellWidthMillimetres;

  Labware(
      String loadName,
      Kind kind,
      int rows,
      int columns,
      double maxMicrolitres,
      double wellWidthMillimetres) {
    this.loadName = loadName;
    this.kind = kind;
    this.rows = rows;
    this.columns = columns;
    this.maxMicrolitres = maxMicrolitres;
    this.wellWidthMillimetres = wellWidthMillimetres;
  }

  static List<String> loadNames(Kind kind) {
    return Arrays.stream(values())
        .filter(labware -> labware.kind == kind)
        .map(Labware::loadName)
        .toList();
  }

  static Optional<Labware> find(String loadName) {
    return Arrays.stream(values()).filter(known -> known.loadName.equals(loadName)).findFirst();
  }

  /** What the robot knows it by. */
  public String loadName() {
    return loadName;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /** Of one well, or of one tip, in µL. */
  public double maxMicrolitres() {
    return maxMicrolitres;
  }

  /** Its diameter, in mm, or its width where it is not round. */
  public double wellWidthMillimetres() {
    return wellWidthMillimetres;
  }

  /** The bottom of one well, flat and round, in mm². */
  public double wellBottomSquareMillimetres() {
    return Math.PI / 4 * wellWidthMillimetres * wellWidthMillimetres;
  }

  /** {@code A1, B1…}: column by column, as tips and wells are gone through. */
  public List<String> wells() {
    return IntStream.rangeClosed(1, columns)
        .boxed()
        .flatMap(column -> IntStream.range(0, rows).mapToObj(row -> well(row, column)))
        .toList();
  }

  private static String well(int row, int column) {
    return (char) ('A' + row) + String.valueOf(column);
  }
}
