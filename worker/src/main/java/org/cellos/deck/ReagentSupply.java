package org.cellos.deck;

import org.cellos.protocol.RobotDeck;
import org.cellos.protocol.RobotDeck.Stock;

/** Draws a reagent, going on to its next position where one has not enough left. */
final class ReagentSupply {
  private final String reagent;
  private final Stock stock;

  /** Goes back into its rack after each use, since it touches nothing. */
  private String tip = "";

  private int position;
  private double leftMicrolitres;
  private double drawnMicrolitres;

  ReagentSupply(String reagent, Stock stock) {
    this.reagent = reagent;
    this.stock = stock;
    this.leftMicrolitres = usable();
  }

  private double usable() {
    return stock.usable().millilitres() * 1000;
  }

  /**
   * @return where to draw from, in Python
   */
  String draw(double microlitres, double neededMicrolitres) {
    while (position < stock.wells().size() && leftMicrolitres < microlitres) {
      position++;
      leftMicrolitres = usable();
    }
    if (position >= stock.wells().size()) {
      throw new DeckException(
          "The reagent "
              + reagent
              + " is short: "
              + neededMicrolitres / 1000
              + " mL are needed, and "
              + stock.wells().size()
              + " × "
              + stock.usable()
              + " are on the deck. Add positions to robots.yaml, or fill them up and say so there.");
    }
    leftMicrolitres -= microlitres;
    drawnMicrolitres += microlitres;
    return "stock_" + stock.place().slot() + "[\"" + stock.wells().get(position) + "\"]";
  }

  RobotDeck.Place place() {
    return stock.place();
  }

  void tip(String newTip) {
    tip = newTip;
  }

  String tip() {
    return tip;
  }

  double drawnMicrolitres() {
    return drawnMicrolitres;
  }
}
